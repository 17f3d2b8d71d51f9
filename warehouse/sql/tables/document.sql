-- One row per distinct content of an input file, or of a member of an archive, mailbox,
-- or mail, without its text, which is in document_segment; dim_document shows both. Key
-- 0 is the unknown document.
CREATE TABLE IF NOT EXISTS ops.document (
    document_key BIGINT PRIMARY KEY,
    document_id VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    path VARCHAR,
    byte_size BIGINT NOT NULL,
    char_count BIGINT NOT NULL,
    encoding VARCHAR,
    kind VARCHAR,
    replaced_count BIGINT NOT NULL DEFAULT 0,
    transform_version VARCHAR,
    run_key BIGINT NOT NULL,
    announced_count BIGINT,
    format VARCHAR,
    extractor VARCHAR,
    container_id VARCHAR
);
COMMENT ON TABLE ops.document IS
    'One row per distinct content of an input file, or of a member of an archive, '
    'mailbox, or mail, without its text, which is in document_segment; dim_document '
    'shows both. Key 0 is the unknown document.';
COMMENT ON COLUMN ops.document.document_key IS
    'Key of the document, from document_id.';
COMMENT ON COLUMN ops.document.document_id IS
    'SHA-256 of the file''s bytes, 64 hex digits.';
COMMENT ON COLUMN ops.document.file_name IS
    'Base name of the first file that held these bytes.';
COMMENT ON COLUMN ops.document.path IS 'Path of that file as it was given.';
COMMENT ON COLUMN ops.document.byte_size IS 'Bytes of the file as found.';
COMMENT ON COLUMN ops.document.char_count IS
    'Unicode code points of the decoded text.';
COMMENT ON COLUMN ops.document.encoding IS 'How the bytes were decoded.';
COMMENT ON COLUMN ops.document.kind IS
    'digest, records, or container, whose documents are rows of their own.';
COMMENT ON COLUMN ops.document.replaced_count IS
    'Characters that stand for undecodable bytes.';
COMMENT ON COLUMN ops.document.transform_version IS
    'Version of the transforms that made the rows of this document.';
COMMENT ON COLUMN ops.document.run_key IS 'Run that loaded it.';
COMMENT ON COLUMN ops.document.announced_count IS
    'Articles that the file itself says it holds; null when it says nothing.';
COMMENT ON COLUMN ops.document.format IS
    'text, json lines, or the format that a reader has taken the text out of; of an '
    'archive or mailbox, what it is.';
COMMENT ON COLUMN ops.document.extractor IS
    'Library and version that took the text out; null for plain text.';
COMMENT ON COLUMN ops.document.container_id IS
    'document_id of the archive, mailbox, or mail that it lies in; else null.';
