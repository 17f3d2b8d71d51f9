-- Grain: documents, numbered in the order of their keys.
SELECT
    (row_number() OVER (ORDER BY document_key) - 1)::UINTEGER AS document_row,
    document_key,
    text
FROM (
    SELECT
        document_key,
        string_agg(text, '' ORDER BY char_start) AS text
    FROM main.document_segment
    WHERE document_key IN (SELECT unnest($document_keys::BIGINT[]))
    GROUP BY document_key
) AS whole
ORDER BY document_key;
