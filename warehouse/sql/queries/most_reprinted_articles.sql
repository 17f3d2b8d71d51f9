-- Which articles turn up in most documents? Counts occurrences of distinct articles.
WITH
most_printed AS (
    SELECT fact.article_key, fact.title, fact.source_key, fact.occurrence_count
    FROM fact_article AS fact
    ORDER BY fact.occurrence_count DESC, fact.title ASC, fact.article_key ASC
    LIMIT 50
)

SELECT
    article.title,
    CASE WHEN article.source_key <> 0 THEN source.name END AS source,
    article.occurrence_count,
    count(DISTINCT occurrence.document_key) AS document_count
FROM most_printed AS article
INNER JOIN dim_source AS source USING (source_key)
INNER JOIN fact_occurrence AS occurrence USING (article_key)
GROUP BY
    article.article_key, article.title, article.source_key, source.name,
    article.occurrence_count
ORDER BY article.occurrence_count DESC, article.title ASC, article.article_key ASC;
