-- Grain: one stretch of a new document, beside the next; the table stretch says how
-- long it is.
WITH
beside AS (
    SELECT
        document_key,
        char_start,
        article_key,
        lead(char_start)
            OVER (PARTITION BY document_key ORDER BY char_start)
            AS next_char_start,
        row_number() OVER (PARTITION BY document_key ORDER BY char_start)
            AS ordinal
    FROM staging.document_segment
)

SELECT
    segment.document_key,
    segment.char_start,
    segment.char_start + stretch.chars
    = coalesce(segment.next_char_start, document.char_count)
    AND (segment.ordinal > 1 OR segment.char_start = 0) AS is_followed_by_the_next,
    document.document_key IS NOT NULL AS is_document_resolved,
    segment.article_key = 0
    OR occurrence.article_key = segment.article_key
    -- An article that was held back after it was staged keeps its stretch.
    OR (segment.document_key, segment.char_start) IN (
        SELECT (held.document_key, held.char_start)
        FROM staging.quarantine AS held
        WHERE held.char_start IS NOT NULL
    ) AS is_start_of_its_article
FROM beside AS segment
LEFT JOIN stretch USING (document_key, char_start)
LEFT JOIN staging.dim_document AS document USING (document_key)
LEFT JOIN staging.fact_occurrence AS occurrence USING (document_key, char_start)
