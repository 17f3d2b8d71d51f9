-- Grain: one new appearance of an article in a document, beside its neighbours.
WITH
placed AS (
    SELECT
        *,
        lead(char_start)
            OVER (PARTITION BY document_key ORDER BY char_start, char_end)
            AS next_char_start,
        lag(ordinal)
            OVER (PARTITION BY document_key ORDER BY char_start, char_end)
            AS previous_ordinal
    FROM staging.fact_occurrence
),

document AS (
    SELECT document_key, char_count FROM staging.dim_document
    UNION ALL
    SELECT known.document_key, known.char_count
    FROM ops.document AS known
    ANTI JOIN staging.dim_document USING (document_key)
)

SELECT
    occurrence.article_key,
    occurrence.document_key,
    occurrence.char_start,
    occurrence.char_end,
    occurrence.boundary_score,
    occurrence.boundary_score BETWEEN 0 AND 1 AS is_boundary_score_a_share,
    -- What was set aside keeps its place in the count.
    occurrence.ordinal > coalesce(occurrence.previous_ordinal, 0)
        AS is_ordinal_in_order,
    occurrence.char_start >= 0
    AND occurrence.char_end > occurrence.char_start
    AND occurrence.char_end <= document.char_count AS is_span_in_document,
    segment.article_key = occurrence.article_key AS is_text_there,
    occurrence.next_char_start IS NULL
    OR occurrence.char_end <= occurrence.next_char_start AS is_span_free,
    document.document_key IS NOT NULL AS is_document_resolved,
    occurrence.run_key IN (
        SELECT run_key FROM staging.dim_run
        UNION ALL
        SELECT run_key FROM main.dim_run
    ) AS is_run_resolved,
    occurrence.article_key IN (
        SELECT article_key FROM staging.fact_article
        UNION ALL
        SELECT article_key FROM main.fact_article
    ) AS is_article_resolved
FROM placed AS occurrence
LEFT JOIN document USING (document_key)
LEFT JOIN staging.document_segment AS segment USING (document_key, char_start)
