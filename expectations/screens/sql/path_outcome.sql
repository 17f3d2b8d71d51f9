-- Grain: one path that this run found.
WITH
document AS (
    SELECT document_id FROM staging.dim_document
    UNION
    SELECT known.document_id
    FROM ops.document AS known
    SEMI JOIN staging.path_outcome USING (document_id)
)

SELECT
    told.run_key,
    told.path,
    told.outcome,
    (told.outcome = 'held_back')
    = (told.reason_code IS NOT NULL) AS is_reason_given,
    told.outcome NOT IN ('loaded', 'known', 'copy')
    OR document.document_id IS NOT NULL AS is_document_resolved,
    CASE
        WHEN told.copy_of IS NULL THEN told.outcome <> 'copy'
        ELSE
            coalesce(twin.document_id = told.document_id, FALSE)
            AND (
                (told.outcome = 'copy' AND twin.outcome = 'loaded')
                OR (told.outcome = 'held_back' AND twin.outcome = 'held_back')
            )
    END AS is_copy_resolved,
    told.run_key IN (
        SELECT run_key FROM staging.dim_run
        UNION ALL
        SELECT run_key FROM main.dim_run
    ) AS is_run_resolved
FROM staging.path_outcome AS told
LEFT JOIN document USING (document_id)
LEFT JOIN staging.path_outcome AS twin
    ON told.run_key = twin.run_key AND told.copy_of = twin.path
