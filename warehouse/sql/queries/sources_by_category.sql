-- What does each source report on? Counts distinct articles, and their occurrences apart.
SELECT
    source, category, article_count, occurrence_count, round(source_ratio, 3) AS ratio
FROM source_mix
ORDER BY source ASC, article_count DESC;
