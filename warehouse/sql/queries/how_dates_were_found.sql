-- How were publication dates found, and how far do they reach? Counts distinct articles.
SELECT
    date_basis,
    count(*) AS article_count,
    count(*) FILTER (WHERE is_date_stated) AS stated_count,
    median(published_to - published_from) AS median_days_between_bounds,
    min(published_date) AS first_day,
    max(published_date) AS last_day
FROM article
GROUP BY date_basis
ORDER BY article_count DESC, date_basis ASC;
