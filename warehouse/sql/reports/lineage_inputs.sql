-- Grain: paths that one run loaded, with the hash and the size of their bytes.
SELECT
    told.path,
    told.document_id,
    document.byte_size
FROM quality.path_outcome AS told
INNER JOIN ops.document AS document USING (document_id)
WHERE told.run_key = $run_key AND told.outcome = 'loaded'
ORDER BY told.path;
