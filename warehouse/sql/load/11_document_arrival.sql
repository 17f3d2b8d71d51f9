-- Grain: one document and path that its bytes were found at.
INSERT INTO staging.document_arrival BY NAME
SELECT DISTINCT
    part.document_key,
    part.file_name,
    part.path,
    this_run.run_key,
    this_run.started_at AS arrived_at
FROM part_dim_document AS part
CROSS JOIN staging.this_run AS this_run;
