-- Grain: one document; keys from $low to $high.
SELECT document_key, file_name, text
FROM main.dim_document
WHERE document_key BETWEEN $low AND $high AND text IS NOT NULL;
