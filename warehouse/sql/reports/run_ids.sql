-- Grain: one run that published, the newest first.
SELECT run_id
FROM main.dim_run
WHERE
    run_key <> 0
    AND status <> 'interrupted'
ORDER BY started_at DESC, run_id DESC;
