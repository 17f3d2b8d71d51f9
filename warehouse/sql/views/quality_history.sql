-- Grain: runs and rules: what each check found, newest run first; of runs before the
-- newest 50 only what failed.
CREATE OR REPLACE VIEW quality.quality_history AS
SELECT
    run.run_id,
    run.started_at,
    rule.code,
    rule.table_name,
    rule.description,
    validation.severity,
    validation.success,
    validation.element_count,
    validation.unexpected_count,
    validation.observed,
    rule.runbook
FROM quality.fact_validation AS validation
INNER JOIN main.dim_run AS run USING (run_key)
INNER JOIN quality.dim_expectation AS rule USING (expectation_key)
ORDER BY run.started_at DESC, run.run_id DESC, rule.code ASC;
COMMENT ON VIEW quality.quality_history IS
    'Runs and rules: what each check found, newest run first; of runs before the '
    'newest 50 only what failed.';
COMMENT ON COLUMN quality.quality_history.run_id IS 'Run.';
COMMENT ON COLUMN quality.quality_history.started_at IS 'When it started, UTC.';
COMMENT ON COLUMN quality.quality_history.code IS 'Rule.';
COMMENT ON COLUMN quality.quality_history.table_name IS 'Table that it judges.';
COMMENT ON COLUMN quality.quality_history.description IS 'The rule as a sentence.';
COMMENT ON COLUMN quality.quality_history.severity IS 'Severity at that run.';
COMMENT ON COLUMN quality.quality_history.success IS 'The rule held.';
COMMENT ON COLUMN quality.quality_history.element_count IS 'Rows judged.';
COMMENT ON COLUMN quality.quality_history.unexpected_count IS 'Rows that broke it.';
COMMENT ON COLUMN quality.quality_history.observed IS 'What was seen.';
COMMENT ON COLUMN quality.quality_history.runbook IS 'What to do.';
