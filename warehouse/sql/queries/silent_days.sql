-- On which days between the first and the last is nothing published? Counts distinct articles.
WITH
span AS (
    SELECT min(published_date) AS first_day, max(published_date) AS last_day
    FROM article
),

calendar AS (
    SELECT unnest(generate_series(first_day, last_day, INTERVAL 1 DAY))::DATE AS day
    FROM span
)

SELECT day
FROM calendar
ANTI JOIN (SELECT published_date AS day FROM article) USING (day)
ORDER BY day;
