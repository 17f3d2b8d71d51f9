-- One row per run and rule; of runs before the newest 50 only rules that failed.
CREATE TABLE IF NOT EXISTS quality.fact_validation (
    run_key BIGINT NOT NULL,
    expectation_key BIGINT NOT NULL,
    success BOOLEAN NOT NULL,
    severity VARCHAR,
    element_count BIGINT,
    unexpected_count BIGINT,
    observed VARCHAR
);
COMMENT ON TABLE quality.fact_validation IS
    'One row per run and rule; of runs before the newest 50 only rules that failed.';
COMMENT ON COLUMN quality.fact_validation.run_key IS 'Run, dim_run.';
COMMENT ON COLUMN quality.fact_validation.expectation_key IS 'Rule, dim_expectation.';
COMMENT ON COLUMN quality.fact_validation.success IS 'The rule held.';
COMMENT ON COLUMN quality.fact_validation.severity IS 'Severity at that run.';
COMMENT ON COLUMN quality.fact_validation.element_count IS 'Rows judged.';
COMMENT ON COLUMN quality.fact_validation.unexpected_count IS
    'Rows that broke the rule.';
COMMENT ON COLUMN quality.fact_validation.observed IS
    'What was seen, when the rule is about a whole table.';
