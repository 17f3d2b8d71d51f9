-- How much of the news about each country is crisis? Counts distinct articles.
SELECT
    country,
    count(*) FILTER (WHERE category = 'crisis') AS crisis_articles,
    count(*) AS article_count,
    round(100.0 * count(*) FILTER (WHERE category = 'crisis') / count(*), 1)
        AS crisis_pct
FROM article
WHERE country IS NOT NULL
GROUP BY country
ORDER BY crisis_pct DESC, article_count DESC, country ASC
LIMIT 200;
