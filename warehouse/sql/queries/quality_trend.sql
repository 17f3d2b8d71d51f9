-- How did each check go over the runs? Counts runs: the newest 50, and all that failed.
SELECT
    code,
    count(*) AS run_count,
    count(*) FILTER (WHERE NOT success) AS failed_count,
    arg_max(observed, started_at) AS last_observed,
    max(started_at) FILTER (WHERE NOT success) AS last_failed_at
FROM quality.quality_history
GROUP BY code
ORDER BY failed_count DESC, code ASC;
