-- Which categories rose or fell against the week before? Counts distinct articles by primary label.
WITH
weekly AS (
    SELECT
        date_trunc('week', published_date)::DATE AS week,
        category,
        count(*) AS article_count
    FROM article
    WHERE published_date IS NOT NULL
    GROUP BY ALL
)

SELECT
    week,
    category,
    article_count,
    article_count - coalesce(
        lag(article_count) OVER (
            PARTITION BY category ORDER BY week
            RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND INTERVAL 7 DAYS PRECEDING
        ), 0
    ) AS change
FROM weekly
ORDER BY week DESC, category ASC;
