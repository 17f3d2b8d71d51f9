-- What became of one row that was held back, oldest first.
SELECT
    event.happened_at,
    event.event,
    event.note,
    run.run_id
FROM quality.quarantine_event AS event
LEFT JOIN main.dim_run AS run ON event.run_key = run.run_key AND run.run_key <> 0
WHERE event.quarantine_key = $quarantine_key
ORDER BY event.happened_at, event.event;
