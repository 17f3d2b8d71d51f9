-- Grain: periods and categories: distinct articles by primary label and day of
-- publication. The period fits the span of 98 of 100 articles; `before` counts those
-- that lie before the first period shown.
WITH
dated AS (
    SELECT category, date
    FROM chosen_article
    WHERE date IS NOT NULL
),

bounds AS (
    SELECT
        quantile_disc(date, 0.02) AS first_date,
        max(date) AS last_date,
        last_date - first_date AS days,
        CASE
            WHEN days <= 62 THEN 'day'
            WHEN days <= 62 * 7 THEN 'week'
            WHEN days <= 62 * 31 THEN 'month'
            ELSE 'year'
        END AS unit
    FROM dated
),

shown AS (
    SELECT
        dated.category,
        dated.date,
        bounds.unit,
        date_trunc(bounds.unit, dated.date)::DATE AS period,
        date_trunc(bounds.unit, bounds.first_date)::DATE AS first_period
    FROM dated CROSS JOIN bounds
)

SELECT
    period,
    category,
    unit,
    count(*) AS articles,
    (
        SELECT count(*) FROM shown AS earlier
        WHERE earlier.period < earlier.first_period
    ) AS before
FROM shown
WHERE period >= first_period
GROUP BY ALL
ORDER BY period, category;
