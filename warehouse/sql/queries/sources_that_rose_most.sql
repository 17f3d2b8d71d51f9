-- Which sources rose most against the month before? Counts distinct articles of the
-- newest month that has any, or of the one that is asked for.
-- $month VARCHAR = NULL: Month to look at, such as 2022-01; the newest by default.

WITH
chosen AS (
    SELECT
        coalesce(
            ($month::VARCHAR || '-01')::DATE,
            date_trunc('month', max(published_date))::DATE
        ) AS month
    FROM article
),

monthly AS (
    SELECT
        article.source,
        count(*) FILTER (
            WHERE article.published_date >= chosen.month
        ) AS article_count,
        count(*) FILTER (
            WHERE article.published_date < chosen.month
        ) AS month_before
    FROM article
    CROSS JOIN chosen
    WHERE
        article.source IS NOT NULL
        AND article.published_date >= chosen.month - INTERVAL 1 MONTH
        AND article.published_date < chosen.month + INTERVAL 1 MONTH
    GROUP BY article.source
)

SELECT
    monthly.source,
    chosen.month,
    monthly.article_count,
    monthly.month_before,
    monthly.article_count - monthly.month_before AS more
FROM monthly
CROSS JOIN chosen
ORDER BY more DESC, monthly.article_count DESC, monthly.source ASC
LIMIT 100;
