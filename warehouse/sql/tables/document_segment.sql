-- One row per stretch of a document, from the start of an article to the start of the
-- next; put together, they are its text.
CREATE TABLE IF NOT EXISTS main.document_segment (
    document_key BIGINT NOT NULL,
    char_start BIGINT NOT NULL,
    article_key BIGINT NOT NULL,
    text VARCHAR NOT NULL USING COMPRESSION zstd
);
COMMENT ON TABLE main.document_segment IS
    'One row per stretch of a document, from the start of an article to the start of '
    'the next; put together, they are its text.';
COMMENT ON COLUMN main.document_segment.document_key IS 'Document, dim_document.';
COMMENT ON COLUMN main.document_segment.char_start IS
    'First character of the stretch, counted from 0 in dim_document.text.';
COMMENT ON COLUMN main.document_segment.article_key IS
    'Article that starts there, fact_article, also when it was held back later; 0 when '
    'none does.';
COMMENT ON COLUMN main.document_segment.text IS
    'The stretch: the article with its trailer, and what stands before the next one.';
