-- Who printed a text first, who reprinted it, and how much of it? Lists distinct
-- articles of the stories (a text and its reprints) that most sources took up.
WITH
story_rank AS (
    SELECT
        story_key,
        row_number() OVER (
            ORDER BY
                source_count DESC,
                article_count DESC,
                first_published_date ASC,
                story_key ASC
        ) AS story
    FROM story
    WHERE article_count > 1
),

likeness AS (
    SELECT article_key, max(containment) AS most_shared
    FROM (
        SELECT article_key, containment FROM fact_article_pair
        UNION ALL
        SELECT other_article_key, containment FROM fact_article_pair
    ) AS pair
    GROUP BY article_key
)

SELECT
    story_rank.story,
    article.published_date,
    article.published_date - min(article.published_date) OVER story AS days_later,
    article.source,
    article.title,
    article.word_count,
    round(likeness.most_shared, 2) AS shared_with_another,
    article.article_key
FROM story_rank
INNER JOIN article USING (story_key)
LEFT JOIN likeness USING (article_key)
WHERE story_rank.story <= 20
WINDOW story AS (PARTITION BY story_key)
ORDER BY
    story_rank.story, article.published_date, article.article_key <> story_key,
    article.article_key
LIMIT 200;
