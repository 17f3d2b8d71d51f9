-- The newest runs, newest first, each with what became of the paths that it found.
WITH
outcome AS (
    SELECT
        run_key,
        count(*) FILTER (WHERE outcome = 'copy') AS copies,
        count(*) FILTER (WHERE outcome = 'held_back') AS files_held,
        count(*) FILTER (WHERE outcome = 'settled') AS files_settled
    FROM quality.path_outcome
    GROUP BY run_key
)

SELECT
    run.started_at,
    run.status,
    run.files_in,
    run.documents_new,
    run.documents_known,
    coalesce(outcome.copies, 0) AS copies,
    coalesce(outcome.files_held, 0) AS files_held,
    coalesce(outcome.files_settled, 0) AS files_settled,
    run.articles_new,
    run.rows_quarantined,
    round(epoch(run.ended_at - run.started_at), 1) AS seconds,
    run.run_id,
    run.flow_run_id
FROM main.dim_run AS run
LEFT JOIN outcome USING (run_key)
WHERE run.run_key <> 0
ORDER BY run.started_at DESC, run.run_id DESC
LIMIT $row_limit;
