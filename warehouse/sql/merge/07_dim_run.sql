-- Grain: this run, with what it added.
INSERT INTO main.dim_run BY NAME
WITH
coverage AS (
    SELECT
        coalesce(sum(document.chars_in_articles), 0)::BIGINT AS chars_in_articles,
        coalesce(sum(document.chars_separator), 0)::BIGINT AS chars_separator,
        coalesce(sum(document.chars_quarantined), 0)::BIGINT AS chars_quarantined
    FROM main.document_coverage AS document
    SEMI JOIN staging.chosen_document USING (document_key)
)

SELECT
    run.run_key,
    run.run_id,
    run.flow_run_id,
    run.started_at,
    run.version,
    'published' AS status,
    $ended_at::TIMESTAMP AS ended_at,
    $files_in::INTEGER AS files_in,
    $documents_known::INTEGER AS documents_known,
    run_count.*,
    coverage.*
FROM staging.dim_run AS run
CROSS JOIN run_count
CROSS JOIN coverage;
