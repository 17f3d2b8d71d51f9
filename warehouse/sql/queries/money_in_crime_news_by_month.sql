-- How much money does crime news name per month and currency? Counts amounts: one that
-- an article names twice counts once; a price of one piece or ton does not count.
WITH
amount AS (
    SELECT DISTINCT
        article_key,
        date_trunc('month', published_date)::DATE AS month,
        currency,
        coalesce(value_low, value_high) AS amount
    FROM claim
    WHERE
        quantity_type = 'money'
        AND category = 'crime'
        AND currency IS NOT NULL
        AND NOT is_negated
        AND NOT contains(coalesce(unit, ''), '/')
)

SELECT
    month,
    currency,
    sum(amount) AS total,
    max(amount) AS largest,
    count(DISTINCT article_key) AS article_count
FROM amount
GROUP BY month, currency
ORDER BY month DESC NULLS LAST, total DESC, currency ASC
LIMIT 200;
