-- Grain: one row that was held back, with every path at which its bytes were found.
SELECT
    held.quarantine_key,
    held.status,
    held.reason_code,
    held.stage,
    held.detail,
    held.path,
    held.char_start,
    held.char_end,
    held.document_key,
    CASE WHEN held.document_key <> 0 THEN document.document_id END AS document_id,
    document.char_count,
    run.run_id,
    run.started_at AS held_at,
    list_distinct(
        list_prepend(held.path, coalesce(arrival.paths, []::VARCHAR[]))
    ) AS paths
FROM quality.quarantine AS held
LEFT JOIN ops.document AS document USING (document_key)
LEFT JOIN main.dim_run AS run ON held.run_key = run.run_key
LEFT JOIN (
    SELECT document_key, list(path ORDER BY path) AS paths
    FROM ops.document_arrival
    GROUP BY document_key
) AS arrival ON held.document_key = arrival.document_key
WHERE
    ($reason IS NULL OR held.reason_code = $reason)
    AND (
        (len($wanted::VARCHAR[]) = 0 AND held.status = 'open')
        OR list_bool_or(
            list_transform(
                $wanted::VARCHAR[],
                LAMBDA start: starts_with(held.quarantine_key::VARCHAR, start) -- noqa: RF02
            )
        )
    )
ORDER BY held.path, held.char_start, held.quarantine_key;
