-- Grain: one document whose texts are read: staged, or one that staged quotes are of.
-- Groups of $text_bytes (bytes) in the order in which the documents lie, so that no
-- group is looked for in every file.
SELECT
    document.document_key,
    sum(document.byte_size)
        OVER (ROWS UNBOUNDED PRECEDING)
    // $text_bytes AS number
FROM (
    SELECT
        staged.document_key,
        staged.byte_size
    FROM staging.dim_document AS staged
    UNION ALL
    SELECT
        known.document_key,
        known.byte_size
    FROM main.dim_document AS known
    SEMI JOIN (
        SELECT quoting.document_key
        FROM staged_quote AS quoting
        ANTI JOIN staging.dim_document USING (document_key)
    ) AS quoted USING (document_key)
) AS document
