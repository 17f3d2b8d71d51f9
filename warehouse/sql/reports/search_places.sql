-- Grain: one of these articles: where its text is kept, and which runs make it.
SELECT
    fact.article_key,
    segment.rowid AS place,
    segment.char_start AS segment_start,
    occurrence.title_runs,
    occurrence.title_gaps,
    occurrence.body_runs,
    occurrence.body_gaps
FROM main.fact_article AS fact
INNER JOIN main.fact_occurrence AS occurrence
    ON
        fact.article_key = occurrence.article_key
        AND fact.first_document_key = occurrence.document_key
        AND fact.first_char_start = occurrence.char_start
INNER JOIN main.document_segment AS segment
    ON
        fact.article_key = segment.article_key
        AND fact.first_document_key = segment.document_key
        AND fact.first_char_start = segment.char_start
WHERE fact.article_key IN (SELECT unnest($article_keys::BIGINT[]));
