-- Grain: distinct contents of input files, and of members of archives, mailboxes, and
-- mails, with their texts put together; key 0 is the unknown document. Counts
-- documents. Ask for texts of few documents.
CREATE OR REPLACE VIEW main.dim_document AS
SELECT
    document.*,
    (
        SELECT string_agg(segment.text, '' ORDER BY segment.char_start)
        FROM main.document_segment AS segment
        WHERE segment.document_key = document.document_key
    ) AS text
FROM ops.document AS document;
COMMENT ON VIEW main.dim_document IS
    'Distinct contents of input files, and of members of archives, mailboxes, and '
    'mails, with their texts put together; key 0 is the unknown document. Counts '
    'documents. Ask for texts of few documents.';
COMMENT ON COLUMN main.dim_document.document_key IS
    'Key of the document, from document_id.';
COMMENT ON COLUMN main.dim_document.document_id IS
    'SHA-256 of the file''s bytes, 64 hex digits.';
COMMENT ON COLUMN main.dim_document.file_name IS
    'Base name of the first file that held these bytes.';
COMMENT ON COLUMN main.dim_document.path IS 'Path of that file as it was given.';
COMMENT ON COLUMN main.dim_document.byte_size IS 'Bytes of the file as found.';
COMMENT ON COLUMN main.dim_document.char_count IS
    'Unicode code points of the decoded text.';
COMMENT ON COLUMN main.dim_document.encoding IS 'How the bytes were decoded.';
COMMENT ON COLUMN main.dim_document.kind IS
    'digest, records, or container, whose documents are rows of their own.';
COMMENT ON COLUMN main.dim_document.replaced_count IS
    'Characters that stand for undecodable bytes.';
COMMENT ON COLUMN main.dim_document.transform_version IS
    'Version of the transforms that made the rows of this document.';
COMMENT ON COLUMN main.dim_document.run_key IS 'Run that loaded it.';
COMMENT ON COLUMN main.dim_document.announced_count IS
    'Articles that the file itself says it holds; null when it says nothing.';
COMMENT ON COLUMN main.dim_document.format IS
    'text, json lines, or the format that a reader has taken the text out of; of an '
    'archive or mailbox, what it is.';
COMMENT ON COLUMN main.dim_document.extractor IS
    'Library and version that took the text out; null for plain text.';
COMMENT ON COLUMN main.dim_document.container_id IS
    'document_id of the archive, mailbox, or mail that it lies in; else null.';
COMMENT ON COLUMN main.dim_document.text IS
    'Decoded or extracted text; the offsets of all spans count in it.';
