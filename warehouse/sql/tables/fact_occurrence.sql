-- One row per appearance of an article in a document.
CREATE TABLE IF NOT EXISTS main.fact_occurrence (
    article_key BIGINT NOT NULL,
    document_key BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    char_start BIGINT NOT NULL,
    char_end BIGINT NOT NULL,
    record_id VARCHAR,
    boundary_score DOUBLE NOT NULL,
    run_key BIGINT NOT NULL,
    title_char_end BIGINT,
    title_runs STRUCT(text_start UINTEGER, char_start UINTEGER, length UINTEGER)[],
    body_runs STRUCT(text_start UINTEGER, char_start UINTEGER, length UINTEGER)[],
    cuts STRUCT(char_start UINTEGER, char_end UINTEGER, reason_code VARCHAR)[],
    title_gaps VARCHAR[],
    body_gaps VARCHAR[],
    title_basis VARCHAR DEFAULT 'line'
);
COMMENT ON TABLE main.fact_occurrence IS
    'One row per appearance of an article in a document.';
COMMENT ON COLUMN main.fact_occurrence.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN main.fact_occurrence.document_key IS 'Document, dim_document.';
COMMENT ON COLUMN main.fact_occurrence.ordinal IS
    'Place among the articles of the document, from 1.';
COMMENT ON COLUMN main.fact_occurrence.char_start IS
    'First character of the span, counted from 0 in dim_document.text.';
COMMENT ON COLUMN main.fact_occurrence.char_end IS
    'End of the span, exclusive; trailer lines are inside.';
COMMENT ON COLUMN main.fact_occurrence.record_id IS
    'The record''s own id, for JSON Lines input.';
COMMENT ON COLUMN main.fact_occurrence.boundary_score IS
    'How certain the boundary is, 0-1.';
COMMENT ON COLUMN main.fact_occurrence.run_key IS 'Run that loaded it.';
COMMENT ON COLUMN main.fact_occurrence.title_char_end IS
    'End of the title in the document, exclusive; null without a title.';
COMMENT ON COLUMN main.fact_occurrence.title_runs IS
    'Stretches of the cleaned title that equal the document, with both offsets.';
COMMENT ON COLUMN main.fact_occurrence.body_runs IS
    'Stretches of the cleaned body that equal the document, with both offsets.';
COMMENT ON COLUMN main.fact_occurrence.cuts IS
    'Spans of the document that cleaning left out of the body, with the reason.';
COMMENT ON COLUMN main.fact_occurrence.title_gaps IS
    'What the cleaned title has before each of title_runs, and after the last.';
COMMENT ON COLUMN main.fact_occurrence.body_gaps IS
    'What the cleaned body has before each of body_runs, and after the last.';
COMMENT ON COLUMN main.fact_occurrence.title_basis IS
    'What the title is here: line, field, or lead, as in fact_article.';
