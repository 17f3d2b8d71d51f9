-- One row per span of text that spoke for or against a label.
CREATE TABLE IF NOT EXISTS main.fact_evidence (
    article_key BIGINT NOT NULL,
    category_key BIGINT NOT NULL,
    classifier_key BIGINT NOT NULL,
    document_key BIGINT NOT NULL,
    char_start BIGINT NOT NULL,
    char_end BIGINT NOT NULL,
    exact VARCHAR NOT NULL,
    contribution DOUBLE NOT NULL,
    run_key BIGINT NOT NULL
);
COMMENT ON TABLE main.fact_evidence IS
    'One row per span of text that spoke for or against a label.';
COMMENT ON COLUMN main.fact_evidence.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN main.fact_evidence.category_key IS 'Label, dim_category.';
COMMENT ON COLUMN main.fact_evidence.classifier_key IS
    'Classifier version, dim_classifier.';
COMMENT ON COLUMN main.fact_evidence.document_key IS
    'Document that the span is in, dim_document.';
COMMENT ON COLUMN main.fact_evidence.char_start IS
    'First character of the span, counted from 0 in dim_document.text.';
COMMENT ON COLUMN main.fact_evidence.char_end IS 'End of the span, exclusive.';
COMMENT ON COLUMN main.fact_evidence.exact IS 'The span as it stands in the document.';
COMMENT ON COLUMN main.fact_evidence.contribution IS
    'Log-odds; below 0 speaks against the label.';
COMMENT ON COLUMN main.fact_evidence.run_key IS 'Run that found it.';
