-- Grain: sources and categories. Counts distinct articles and, apart, their
-- occurrences and stories.
CREATE OR REPLACE VIEW main.source_mix AS
SELECT
    source.name AS source,
    label.category,
    count(*) AS article_count,
    sum(fact.occurrence_count)::BIGINT AS occurrence_count,
    count(DISTINCT story.story_key) AS story_count,
    count(*) / sum(count(*)) OVER (PARTITION BY source.source_key) AS source_ratio
FROM main.article_category AS label
INNER JOIN main.fact_article AS fact USING (article_key)
INNER JOIN main.dim_source AS source USING (source_key)
LEFT JOIN main.bridge_article_story AS story
    ON fact.article_key = story.article_key
WHERE label.is_primary
GROUP BY source.source_key, source.name, label.category;
COMMENT ON VIEW main.source_mix IS
    'Sources and categories. Counts distinct articles and, apart, their occurrences '
    'and stories.';
COMMENT ON COLUMN main.source_mix.source IS 'Publisher, unknown included.';
COMMENT ON COLUMN main.source_mix.category IS 'Primary label.';
COMMENT ON COLUMN main.source_mix.article_count IS 'Distinct articles.';
COMMENT ON COLUMN main.source_mix.occurrence_count IS
    'Appearances of these articles, reprints included.';
COMMENT ON COLUMN main.source_mix.story_count IS
    'Stories that these articles are part of; one that two sources or categories tell '
    'counts for each, so do not add them up.';
COMMENT ON COLUMN main.source_mix.source_ratio IS
    'Share of the source''s distinct articles, 0-1.';
