-- On which days between the first and the last is nothing published? Counts distinct articles.
WITH
loud AS (
    SELECT DISTINCT published.date AS day
    FROM fact_article AS fact
    INNER JOIN dim_date AS published
        ON fact.published_date_key = published.date_key
    WHERE published.date_key <> 0
),

calendar AS (
    SELECT unnest(generate_series(min(day), max(day), INTERVAL 1 DAY))::DATE AS day
    FROM loud
)

SELECT day
FROM calendar
ANTI JOIN loud USING (day)
ORDER BY day;
