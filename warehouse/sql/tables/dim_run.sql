-- One row per run that published, and per run that was interrupted before it could;
-- key 0 is the unknown run.
CREATE TABLE IF NOT EXISTS main.dim_run (
    run_key BIGINT PRIMARY KEY,
    run_id VARCHAR NOT NULL,
    flow_run_id VARCHAR,
    started_at TIMESTAMP,
    ended_at TIMESTAMP,
    status VARCHAR NOT NULL,
    version VARCHAR,
    files_in INTEGER NOT NULL DEFAULT 0,
    documents_new INTEGER NOT NULL DEFAULT 0,
    documents_known INTEGER NOT NULL DEFAULT 0,
    articles_new INTEGER NOT NULL DEFAULT 0,
    occurrences_new INTEGER NOT NULL DEFAULT 0,
    rows_quarantined INTEGER NOT NULL DEFAULT 0,
    chars_total BIGINT NOT NULL DEFAULT 0,
    chars_in_articles BIGINT NOT NULL DEFAULT 0,
    chars_separator BIGINT NOT NULL DEFAULT 0,
    chars_quarantined BIGINT NOT NULL DEFAULT 0
);
COMMENT ON TABLE main.dim_run IS
    'One row per run that published, and per run that was interrupted before it '
    'could; key 0 is the unknown run.';
COMMENT ON COLUMN main.dim_run.run_key IS 'Key of the run, from run_id.';
COMMENT ON COLUMN main.dim_run.run_id IS 'Natural key of the run; sorts by start.';
COMMENT ON COLUMN main.dim_run.flow_run_id IS
    'Prefect flow run, null for a direct run.';
COMMENT ON COLUMN main.dim_run.started_at IS 'When the run started, UTC.';
COMMENT ON COLUMN main.dim_run.ended_at IS
    'When the run published, UTC; null when it was interrupted.';
COMMENT ON COLUMN main.dim_run.status IS
    'running (only while it is staged), published, reclassified, promoted, '
    'interrupted, or unknown.';
COMMENT ON COLUMN main.dim_run.version IS 'Version of Newsmill that ran.';
COMMENT ON COLUMN main.dim_run.files_in IS 'Files found, the known ones included.';
COMMENT ON COLUMN main.dim_run.documents_new IS 'Documents that this run loaded.';
COMMENT ON COLUMN main.dim_run.documents_known IS
    'Documents found again that cost only a hash.';
COMMENT ON COLUMN main.dim_run.articles_new IS
    'Distinct articles that were not known before.';
COMMENT ON COLUMN main.dim_run.occurrences_new IS
    'Appearances of articles that this run loaded, reprints included.';
COMMENT ON COLUMN main.dim_run.rows_quarantined IS
    'Files, spans, and articles that this run held back.';
COMMENT ON COLUMN main.dim_run.chars_total IS
    'Characters of the documents that this run loaded.';
COMMENT ON COLUMN main.dim_run.chars_in_articles IS
    'Of chars_total, those in spans of articles.';
COMMENT ON COLUMN main.dim_run.chars_separator IS
    'Of chars_total, those between articles.';
COMMENT ON COLUMN main.dim_run.chars_quarantined IS 'Of chars_total, those held back.';
