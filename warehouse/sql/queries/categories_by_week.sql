-- How many articles of each category came week by week, a column for each category?
-- Counts distinct articles by primary label; weeks begin on Monday.

PIVOT (
    SELECT
        date_trunc('week', published_date)::DATE AS week,
        category
    FROM article
    WHERE published_date IS NOT NULL
)
ON category IN ('crisis', 'energy', 'crime', 'government', 'other')
USING count(*)
GROUP BY week
ORDER BY week;
