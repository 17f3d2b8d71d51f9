-- Grain: one article that the run loads, or whose story it changes.
WITH
judged AS (
    SELECT article_key FROM staging.fact_article
    UNION
    SELECT article_key FROM staging.bridge_article_story
),

member AS (
    SELECT article_key, story_key FROM staging.bridge_article_story
    UNION ALL
    SELECT known.article_key, known.story_key
    FROM main.bridge_article_story AS known
    ANTI JOIN staging.bridge_article_story USING (article_key)
),

told AS (
    SELECT
        member.article_key,
        count(*) AS story_count,
        min(member.story_key) AS story_key
    FROM member
    SEMI JOIN judged USING (article_key)
    GROUP BY member.article_key
),

named AS (
    SELECT article_key FROM judged
    UNION
    SELECT story_key FROM told
),

article AS (
    SELECT article_key FROM staging.fact_article
    UNION
    SELECT known.article_key
    FROM main.fact_article AS known
    SEMI JOIN named USING (article_key)
)

SELECT
    judged.article_key,
    coalesce(told.story_count, 0) = 1 AS is_in_one_story,
    article.article_key IS NOT NULL AS is_article_resolved,
    told.story_key IS NULL OR lead.article_key IS NOT NULL AS is_story_resolved
FROM judged
LEFT JOIN told USING (article_key)
LEFT JOIN article USING (article_key)
LEFT JOIN article AS lead ON told.story_key = lead.article_key
