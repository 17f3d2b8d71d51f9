-- The newest runs, newest first.
SELECT
    started_at,
    status,
    files_in,
    documents_new,
    articles_new,
    rows_quarantined,
    round(epoch(ended_at - started_at), 1) AS seconds,
    run_id,
    flow_run_id
FROM main.dim_run
WHERE run_key <> 0
ORDER BY started_at DESC, run_id DESC
LIMIT $row_limit;
