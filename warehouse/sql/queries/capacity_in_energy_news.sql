-- Which capacities does energy news name, in megawatts? Lists claims.
SELECT
    CASE unit
        WHEN 'kW' THEN 0.001
        WHEN 'MW' THEN 1
        WHEN 'GW' THEN 1000
        WHEN 'TW' THEN 1000000
    END * coalesce(value_high, value_low) AS megawatts,
    exact,
    place,
    speaker,
    published_date,
    title,
    article_key
FROM claim
WHERE quantity_type = 'power' AND category = 'energy'
ORDER BY
    megawatts DESC NULLS LAST, published_date ASC, article_key ASC, char_start ASC
LIMIT 200;
