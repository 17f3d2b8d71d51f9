-- One row per document and path at which its bytes were found.
CREATE TABLE IF NOT EXISTS ops.document_arrival (
    document_key BIGINT NOT NULL,
    file_name VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    run_key BIGINT NOT NULL,
    arrived_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE ops.document_arrival IS
    'One row per document and path at which its bytes were found.';
COMMENT ON COLUMN ops.document_arrival.document_key IS 'Document, dim_document.';
COMMENT ON COLUMN ops.document_arrival.file_name IS 'Base name of the file.';
COMMENT ON COLUMN ops.document_arrival.path IS
    'Path as it was given; undecodable bytes are escaped.';
COMMENT ON COLUMN ops.document_arrival.run_key IS 'Run that first found it there.';
COMMENT ON COLUMN ops.document_arrival.arrived_at IS 'Start of that run, UTC.';
