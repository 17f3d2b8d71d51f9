-- Grain: publishers that stopped, the latest first.
SELECT
    source,
    last_day,
    usual_gap_days,
    days_silent
FROM main.silent_source
ORDER BY last_day DESC, source ASC;
