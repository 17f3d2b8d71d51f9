-- Grain: one document; bytes of its file.
SELECT document_key, byte_size
FROM ops.document
WHERE document_key != 0
ORDER BY document_key;
