-- How were publication dates found, and how far do they reach? Counts distinct articles.
SELECT
    date_basis,
    count(*) AS article_count,
    min(published_date) AS first_day,
    max(published_date) AS last_day
FROM article
GROUP BY date_basis
ORDER BY article_count DESC, date_basis ASC;
