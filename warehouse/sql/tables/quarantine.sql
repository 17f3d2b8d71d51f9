-- One row per file, span, or article that was held back, and why.
CREATE TABLE IF NOT EXISTS quality.quarantine (
    quarantine_key BIGINT NOT NULL,
    document_key BIGINT NOT NULL,
    path VARCHAR,
    char_start BIGINT,
    char_end BIGINT,
    stage VARCHAR NOT NULL,
    reason_code VARCHAR NOT NULL,
    detail VARCHAR,
    run_key BIGINT NOT NULL,
    status VARCHAR NOT NULL
);
COMMENT ON TABLE quality.quarantine IS
    'One row per file, span, or article that was held back, and why.';
COMMENT ON COLUMN quality.quarantine.quarantine_key IS
    'Key of the row, from document or path, span, stage, and reason.';
COMMENT ON COLUMN quality.quarantine.document_key IS
    'Document, dim_document; 0 when the file could not be read.';
COMMENT ON COLUMN quality.quarantine.path IS 'Path as shown to people.';
COMMENT ON COLUMN quality.quarantine.char_start IS
    'First character held back; null is the whole file.';
COMMENT ON COLUMN quality.quarantine.char_end IS 'End of the span, exclusive.';
COMMENT ON COLUMN quality.quarantine.stage IS 'Stage that held it back.';
COMMENT ON COLUMN quality.quarantine.reason_code IS 'Why, from a closed list.';
COMMENT ON COLUMN quality.quarantine.detail IS 'Why, in words.';
COMMENT ON COLUMN quality.quarantine.run_key IS 'Run that held it back.';
COMMENT ON COLUMN quality.quarantine.status IS
    'open, resolved (a person settled it), or retried (a later run took it in).';
