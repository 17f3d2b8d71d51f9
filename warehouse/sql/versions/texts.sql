-- Grain: documents, numbered in the order of their keys.
SELECT
    (row_number() OVER (ORDER BY document_key) - 1)::UINTEGER AS document_row,
    document_key,
    text
FROM main.dim_document
WHERE list_contains($document_keys::UBIGINT [], document_key)
ORDER BY document_key;
