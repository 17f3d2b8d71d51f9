-- Grain: rules as the newest run judged them, by table; `history` tells of the runs
-- before it, oldest first: passed, warned, or failed.
WITH
judged AS (
    SELECT
        validation.*,
        run.started_at,
        dense_rank() OVER (ORDER BY run.started_at DESC, run.run_id DESC) AS age
    FROM quality.fact_validation AS validation
    INNER JOIN main.dim_run AS run USING (run_key)
)

SELECT
    rule.table_name,
    rule.code,
    rule.description,
    rule.consequence,
    rule.runbook,
    any_value(judged.severity) FILTER (WHERE judged.age = 1) AS severity,
    any_value(judged.success) FILTER (WHERE judged.age = 1) AS success,
    any_value(judged.observed) FILTER (WHERE judged.age = 1) AS observed,
    any_value(judged.element_count) FILTER (WHERE judged.age = 1) AS element_count,
    any_value(judged.unexpected_count) FILTER (WHERE judged.age = 1)
        AS unexpected_count,
    list(
        CASE
            WHEN judged.success THEN 'passed'
            WHEN judged.severity = 'critical' THEN 'failed'
            ELSE 'warned'
        END
        ORDER BY judged.age DESC
    ) AS history
FROM judged
INNER JOIN quality.dim_expectation AS rule USING (expectation_key)
WHERE judged.age <= $run_limit
GROUP BY
    rule.table_name, rule.code, rule.description, rule.consequence, rule.runbook
HAVING count(*) FILTER (WHERE judged.age = 1) > 0
ORDER BY rule.table_name, rule.code;
