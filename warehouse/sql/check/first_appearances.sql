-- Grain: one article that first appears in a document with a key from $low to $high.
SELECT
    document.file_name,
    fact.article_id,
    fact.title,
    fact.title_basis,
    fact.char_count,
    main.assembled(
        segment.text, segment.char_start, seen.title_runs, seen.title_gaps
    ) AS assembled_title,
    main.assembled(
        segment.text, segment.char_start, seen.body_runs, seen.body_gaps
    ) AS body
FROM main.document_segment AS segment
INNER JOIN main.fact_occurrence AS seen
    USING (article_key, document_key, char_start)
INNER JOIN main.fact_article AS fact
    ON
        seen.article_key = fact.article_key
        AND seen.document_key = fact.first_document_key
        AND seen.char_start = fact.first_char_start
INNER JOIN ops.document AS document
    ON segment.document_key = document.document_key
WHERE segment.document_key BETWEEN $low AND $high;
