-- One document as the transforms take it.
SELECT
    0::UINTEGER AS document_row,
    document_id,
    file_name AS path,
    file_name,
    byte_size::BIGINT AS byte_size,
    'digest' AS kind,
    encoding,
    0::BIGINT AS replaced_count,
    char_count::BIGINT AS char_count,
    text
FROM main.dim_document
WHERE document_key = $document_key;
