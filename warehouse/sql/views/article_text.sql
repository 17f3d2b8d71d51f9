-- Grain: distinct articles and their cleaned bodies, made from the first appearance.
-- Counts articles, not reprints.
CREATE OR REPLACE VIEW main.article_text AS
SELECT
    segment.article_key,
    main.assembled(
        segment.text, segment.char_start, occurrence.body_runs, occurrence.body_gaps
    ) AS body
-- The key comes from the side that is scanned, so that a join with few articles reads
-- the texts of these alone.
FROM main.document_segment AS segment
INNER JOIN main.fact_occurrence AS occurrence
    ON
        segment.article_key = occurrence.article_key
        AND segment.document_key = occurrence.document_key
        AND segment.char_start = occurrence.char_start
INNER JOIN main.fact_article AS fact
    ON
        segment.article_key = fact.article_key
        AND segment.document_key = fact.first_document_key
        AND segment.char_start = fact.first_char_start;
COMMENT ON VIEW main.article_text IS
    'Distinct articles and their cleaned bodies, made from the first appearance. '
    'Counts articles, not reprints.';
COMMENT ON COLUMN main.article_text.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN main.article_text.body IS
    'Cleaned body, paragraphs with one blank line between them.';
