-- Grain: one document to load, and the one part that its rows are taken from.
-- A document that an older version of the transforms made is loaded again, and so is
-- one whose held rows are retried.
CREATE TABLE staging.chosen_document AS
SELECT
    part.document_key,
    min(part.batch_id) AS batch_id,
    bool_or(known.document_key IS NOT NULL) AS is_reloaded
FROM part_dim_document AS part
LEFT JOIN ops.document AS known USING (document_key)
WHERE
    known.transform_version IS DISTINCT FROM part.transform_version
    OR part.document_key IN (FROM staging.again_document)
GROUP BY part.document_key;
