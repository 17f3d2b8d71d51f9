-- One row per change of a row in quarantine after it was held back.
CREATE TABLE IF NOT EXISTS quality.quarantine_event (
    quarantine_key BIGINT NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    event VARCHAR NOT NULL,
    note VARCHAR,
    run_key BIGINT NOT NULL
);
COMMENT ON TABLE quality.quarantine_event IS
    'One row per change of a row in quarantine after it was held back.';
COMMENT ON COLUMN quality.quarantine_event.quarantine_key IS 'Row of quarantine.';
COMMENT ON COLUMN quality.quarantine_event.happened_at IS 'When, UTC.';
COMMENT ON COLUMN quality.quarantine_event.event IS
    'accepted (the rules of today take it in), refused (they still do not), missing '
    '(its file is gone), or resolved (a person settled it).';
COMMENT ON COLUMN quality.quarantine_event.note IS 'What was said or found.';
COMMENT ON COLUMN quality.quarantine_event.run_key IS
    'Run that tried it again, dim_run; 0 when a person settled it.';
