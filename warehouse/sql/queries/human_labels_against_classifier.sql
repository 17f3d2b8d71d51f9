-- Where do people and the serving classifier disagree? Counts distinct articles.
SELECT
    given.code AS human_category,
    article.category AS classifier_category,
    count(DISTINCT article.article_key) AS article_count
FROM fact_human_label
INNER JOIN dim_category AS given USING (category_key)
INNER JOIN article USING (article_key)
GROUP BY ALL
ORDER BY article_count DESC;
