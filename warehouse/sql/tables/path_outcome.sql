-- One row per path that a run found, and what became of it.
CREATE TABLE IF NOT EXISTS quality.path_outcome (
    run_key BIGINT NOT NULL,
    path VARCHAR NOT NULL,
    document_id VARCHAR,
    outcome VARCHAR NOT NULL,
    reason_code VARCHAR,
    copy_of VARCHAR
);
COMMENT ON TABLE quality.path_outcome IS
    'One row per path that a run found, and what became of it; paths of known '
    'documents are kept for the newest run alone.';
COMMENT ON COLUMN quality.path_outcome.run_key IS 'Run that found it, dim_run.';
COMMENT ON COLUMN quality.path_outcome.path IS
    'Path as it was given; undecodable bytes are escaped.';
COMMENT ON COLUMN quality.path_outcome.document_id IS
    'SHA-256 of its bytes; null when they were not read.';
COMMENT ON COLUMN quality.path_outcome.outcome IS
    'loaded, known (its document is loaded already), copy (of a path that this run '
    'loads), held_back, or settled (held back, and closed by a person).';
COMMENT ON COLUMN quality.path_outcome.reason_code IS
    'Why it is held back, from a closed list; else null.';
COMMENT ON COLUMN quality.path_outcome.copy_of IS
    'Path of the same run with the same bytes, whose fate it shares; else null.';
