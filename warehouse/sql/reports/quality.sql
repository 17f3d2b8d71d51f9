-- Every check of the newest run that has any, failures first.
SELECT
    expectation.code,
    validation.severity,
    validation.success,
    validation.observed,
    expectation.description,
    expectation.runbook
FROM quality.fact_validation AS validation
INNER JOIN quality.dim_expectation AS expectation USING (expectation_key)
INNER JOIN main.dim_run AS run USING (run_key)
QUALIFY run.started_at = max(run.started_at) OVER ()
ORDER BY validation.success, expectation.code;
