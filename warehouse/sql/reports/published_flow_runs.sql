-- Which of some Prefect flow runs published, and what.
SELECT
    flow_run_id,
    articles_new,
    rows_quarantined
FROM main.dim_run
WHERE status = 'published' AND list_contains($flow_run_ids, flow_run_id);
