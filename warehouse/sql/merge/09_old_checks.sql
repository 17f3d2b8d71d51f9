-- What the newest 50 judged runs were told stays whole; of older ones, what failed.
DELETE FROM quality.fact_validation
WHERE
    success
    AND run_key NOT IN (
        SELECT run_key
        FROM main.dim_run
        WHERE run_key IN (SELECT run_key FROM quality.fact_validation)
        ORDER BY started_at DESC, run_id DESC
        LIMIT 50
    );
