-- Grain: stories (a text and its reprints) of more than one distinct article, of which
-- one at least is chosen, those that most sources took up first; `members` lists the
-- first $member_limit of all their articles.
WITH
told AS (
    SELECT *, count(*) OVER () AS stories
    FROM main.story
    WHERE
        article_count > 1
        AND story_key IN (
            SELECT bridge.story_key
            FROM main.bridge_article_story AS bridge
            INNER JOIN chosen_article USING (article_key)
        )
    ORDER BY
        source_count DESC, article_count DESC, last_published_date DESC, story_key ASC
    LIMIT $row_limit
),

likeness AS (
    SELECT article_key, max(containment) AS shared
    FROM (
        SELECT article_key, containment FROM main.fact_article_pair
        UNION ALL
        SELECT other_article_key, containment FROM main.fact_article_pair
    ) AS pair
    GROUP BY article_key
),

members AS (
    SELECT
        member.story_key,
        list({
            'day': published.date,
            'source': CASE WHEN source.source_key <> 0 THEN source.name END,
            'title': fact.title,
            'shared': likeness.shared
        } ORDER BY published.date, fact.article_key)[:$member_limit] AS members
    FROM main.bridge_article_story AS member
    INNER JOIN main.fact_article AS fact USING (article_key)
    INNER JOIN main.dim_source AS source ON fact.source_key = source.source_key
    LEFT JOIN main.dim_date AS published
        ON fact.published_date_key = published.date_key
    LEFT JOIN likeness USING (article_key)
    WHERE member.story_key IN (SELECT story_key FROM told)
    GROUP BY member.story_key
)

SELECT
    told.title,
    told.article_count AS articles,
    told.source_count AS sources,
    told.first_published_date AS first_date,
    told.last_published_date AS last_date,
    told.stories,
    members.members
FROM told
INNER JOIN members USING (story_key)
ORDER BY
    told.source_count DESC, told.article_count DESC, told.last_published_date DESC,
    told.story_key ASC;
