-- Grain: the newest judged runs, oldest first: how their checks ended.
WITH
newest AS (
    SELECT
        run.run_id,
        run.started_at,
        count(*) FILTER (WHERE validation.success) AS passed,
        count(*) FILTER (
            WHERE NOT validation.success AND validation.severity <> 'critical'
        ) AS warned,
        count(*) FILTER (
            WHERE NOT validation.success AND validation.severity = 'critical'
        ) AS failed
    FROM quality.fact_validation AS validation
    INNER JOIN main.dim_run AS run USING (run_key)
    GROUP BY run.run_id, run.started_at
    ORDER BY run.started_at DESC, run.run_id DESC
    LIMIT $row_limit
)

SELECT * FROM newest
ORDER BY started_at, run_id;
