-- Grain: stories: one text and its reprints, that is, articles that are near-duplicates
-- of each other, directly or through others, or one article alone. Counts stories.
CREATE OR REPLACE VIEW main.story AS
SELECT
    member.story_key,
    any_value(fact.title) FILTER (
        WHERE fact.article_key = member.story_key
    ) AS title,
    any_value(source.name) FILTER (
        WHERE fact.article_key = member.story_key AND fact.source_key <> 0
    ) AS first_source,
    min(published.date) AS first_published_date,
    max(published.date) AS last_published_date,
    count(*) AS article_count,
    sum(fact.occurrence_count)::BIGINT AS occurrence_count,
    count(DISTINCT fact.source_key) FILTER (WHERE fact.source_key <> 0) AS source_count
FROM main.bridge_article_story AS member
INNER JOIN main.fact_article AS fact USING (article_key)
INNER JOIN main.dim_source AS source ON fact.source_key = source.source_key
INNER JOIN main.dim_date AS published
    ON fact.published_date_key = published.date_key
GROUP BY member.story_key;
COMMENT ON VIEW main.story IS
    'Stories: one text and its reprints, edited or cut: articles that are '
    'near-duplicates of each other, directly or through others, or one article alone. '
    'Two articles of one event in words of their own are two stories. Counts stories.';
COMMENT ON COLUMN main.story.story_key IS
    'Key of the story: that of its first article.';
COMMENT ON COLUMN main.story.title IS 'Headline of its first article.';
COMMENT ON COLUMN main.story.first_source IS
    'Publisher of its first article: by day of publication, then key, undated ones '
    'last.';
COMMENT ON COLUMN main.story.first_published_date IS
    'Day of the first article; null when none has a date.';
COMMENT ON COLUMN main.story.last_published_date IS 'Day of the last one.';
COMMENT ON COLUMN main.story.article_count IS 'Distinct articles.';
COMMENT ON COLUMN main.story.occurrence_count IS
    'Appearances of these articles, reprints included.';
COMMENT ON COLUMN main.story.source_count IS
    'Publishers that are known. They print the same text, so they are one witness, not '
    'several.';
