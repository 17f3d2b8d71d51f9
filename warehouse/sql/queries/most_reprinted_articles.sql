-- Which articles turn up in most documents? Counts occurrences of distinct articles.
SELECT
    article.title,
    article.source,
    count(*) AS occurrence_count,
    count(DISTINCT occurrence.document_key) AS document_count
FROM article
INNER JOIN fact_occurrence AS occurrence USING (article_key)
GROUP BY article.article_key, article.title, article.source
ORDER BY occurrence_count DESC, article.title
LIMIT 50;
