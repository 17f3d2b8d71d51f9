-- Grain: spans of text that spoke for or against a label of the serving classifier, as
-- they stand in the file.
CREATE OR REPLACE VIEW main.evidence AS
SELECT
    span.article_key,
    fact.title,
    category.code AS category,
    span.exact,
    span.contribution,
    document.file_name,
    span.char_start,
    span.char_end
FROM main.fact_evidence AS span
INNER JOIN main.fact_article AS fact USING (article_key)
INNER JOIN main.dim_category AS category
    ON span.category_key = category.category_key
INNER JOIN ops.document AS document
    ON span.document_key = document.document_key
WHERE span.classifier_key = (SELECT classifier_key FROM ops.serving_classifier);
COMMENT ON VIEW main.evidence IS
    'Spans of text that spoke for or against a label of the serving classifier, as '
    'they stand in the file.';
COMMENT ON COLUMN main.evidence.article_key IS 'Article.';
COMMENT ON COLUMN main.evidence.title IS 'Its headline.';
COMMENT ON COLUMN main.evidence.category IS 'Label.';
COMMENT ON COLUMN main.evidence.exact IS 'The span as it stands in the file.';
COMMENT ON COLUMN main.evidence.contribution IS
    'Log-odds; below 0 speaks against the label.';
COMMENT ON COLUMN main.evidence.file_name IS 'File that the span is in.';
COMMENT ON COLUMN main.evidence.char_start IS 'Start in the text of that file.';
COMMENT ON COLUMN main.evidence.char_end IS 'End, exclusive.';
