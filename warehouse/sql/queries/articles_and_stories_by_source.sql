-- Who writes, and who reprints? Counts occurrences, distinct articles, and stories, and
-- of these the ones that the source told first.
SELECT
    coalesce(article.source, 'unknown') AS source,
    sum(article.occurrence_count)::BIGINT AS occurrence_count,
    count(*) AS article_count,
    count(DISTINCT article.story_key) AS story_count,
    count(*) FILTER (WHERE article.article_key = article.story_key) AS told_first
FROM article
GROUP BY ALL
ORDER BY story_count DESC, source ASC
LIMIT 50;
