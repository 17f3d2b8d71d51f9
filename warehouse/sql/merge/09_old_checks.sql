-- What the newest 50 judged runs were told stays whole; of older ones, what failed.
DELETE FROM quality.fact_validation
WHERE
    success
    AND run_key NOT IN (
        SELECT run.run_key FROM main.dim_run AS run
        SEMI JOIN quality.fact_validation AS validation USING (run_key)
        ORDER BY run.started_at DESC, run.run_id DESC
        LIMIT 50
    );
