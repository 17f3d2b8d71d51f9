-- One row per rule that rows are held against; key 0 is the unknown rule.
CREATE TABLE IF NOT EXISTS quality.dim_expectation (
    expectation_key BIGINT PRIMARY KEY,
    code VARCHAR NOT NULL,
    table_name VARCHAR,
    description VARCHAR,
    severity VARCHAR,
    consequence VARCHAR,
    runbook VARCHAR
);
COMMENT ON TABLE quality.dim_expectation IS
    'One row per rule that rows are held against; key 0 is the unknown rule.';
COMMENT ON COLUMN quality.dim_expectation.expectation_key IS
    'Key of the rule, from its code.';
COMMENT ON COLUMN quality.dim_expectation.code IS
    'Table and rule, stable over versions.';
COMMENT ON COLUMN quality.dim_expectation.table_name IS 'Table that it judges.';
COMMENT ON COLUMN quality.dim_expectation.description IS 'The rule as a sentence.';
COMMENT ON COLUMN quality.dim_expectation.severity IS 'critical, warning, or info.';
COMMENT ON COLUMN quality.dim_expectation.consequence IS 'block, quarantine, or warn.';
COMMENT ON COLUMN quality.dim_expectation.runbook IS 'What to do when it fails.';
