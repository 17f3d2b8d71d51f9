-- What did each run add? Counts documents, distinct articles, and occurrences.
SELECT
    run_id,
    started_at,
    status,
    documents_new,
    documents_known,
    articles_new,
    occurrences_new,
    rows_quarantined
FROM dim_run
WHERE run_key <> 0
ORDER BY started_at DESC, run_id ASC;
