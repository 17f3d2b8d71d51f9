-- Grain: periods and categories: distinct articles by primary label and day of
-- publication. The period fits the span of 98 of 100 articles; `before` counts those
-- that lie before the first period shown.
WITH
dated AS (
    SELECT label.category, published.date
    FROM main.fact_article AS fact
    INNER JOIN main.dim_date AS published
        ON fact.published_date_key = published.date_key
    INNER JOIN main.article_category AS label
        ON fact.article_key = label.article_key AND label.is_primary
    WHERE published.date IS NOT NULL
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
