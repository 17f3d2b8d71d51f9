-- What is held back, newest first.
SELECT
    quarantine.quarantine_key,
    quarantine.status,
    quarantine.reason_code,
    quarantine.path,
    quarantine.char_start,
    quarantine.char_end,
    quarantine.stage,
    quarantine.detail
FROM quality.quarantine AS quarantine
LEFT JOIN main.dim_run AS run USING (run_key)
WHERE $status = 'all' OR quarantine.status = $status
ORDER BY run.started_at DESC NULLS LAST, quarantine.path ASC, quarantine.char_start ASC
LIMIT $row_limit;
