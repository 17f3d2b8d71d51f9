-- Grain: one span or document held back in a document that is loaded.
INSERT INTO staging.quarantine BY NAME
SELECT DISTINCT ON (part.quarantine_key)
    part.* EXCLUDE (batch_id),
    $run_key::BIGINT AS run_key
FROM part_quarantine AS part
LEFT JOIN staging.chosen_document AS chosen USING (document_key, batch_id)
WHERE chosen.document_key IS NOT NULL OR part.document_key = 0
ORDER BY part.quarantine_key, part.path;
