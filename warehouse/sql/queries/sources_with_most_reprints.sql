-- Whose articles are printed most often? Counts distinct articles and occurrences.
SELECT
    source,
    sum(article_count)::BIGINT AS article_count,
    sum(occurrence_count)::BIGINT AS occurrence_count,
    round(sum(occurrence_count) / sum(article_count), 2) AS prints_per_article
FROM source_mix
GROUP BY source
ORDER BY prints_per_article DESC, source ASC
LIMIT 50;
