-- Grain: articles of the given documents that a version has not scored, with what maps
-- their texts back to the document.
WITH
numbered AS (
    SELECT
        document_key,
        (row_number() OVER (ORDER BY document_key) - 1)::UINTEGER AS document_row
    FROM ops.document
    WHERE list_contains($document_keys::BIGINT[], document_key)
)

SELECT
    (row_number() OVER (ORDER BY article.article_key) - 1)::UINTEGER AS article_row,
    article.article_key,
    numbered.document_row,
    -- The words of a title that is made from the lead speak once, in the body.
    CASE WHEN article.title_basis = 'lead' THEN '' ELSE article.title END AS title,
    main.assembled(
        segment.text, segment.char_start, occurrence.body_runs, occurrence.body_gaps
    ) AS body,
    article.language,
    occurrence.title_runs,
    occurrence.body_runs
FROM main.fact_article AS article
INNER JOIN numbered ON article.first_document_key = numbered.document_key
INNER JOIN main.fact_occurrence AS occurrence
    ON
        article.article_key = occurrence.article_key
        AND article.first_document_key = occurrence.document_key
        AND article.first_char_start = occurrence.char_start
INNER JOIN main.document_segment AS segment
    ON
        article.article_key = segment.article_key
        AND article.first_document_key = segment.document_key
        AND article.first_char_start = segment.char_start
        -- Said again for the table with the texts: it is scanned in this range alone.
        AND segment.document_key BETWEEN list_min($document_keys::BIGINT[])
        AND list_max($document_keys::BIGINT[])
ANTI JOIN (
    SELECT article_key
    FROM main.fact_classification
    WHERE classifier_key = $classifier_key
) AS scored
    ON article.article_key = scored.article_key
ORDER BY article.article_key;
