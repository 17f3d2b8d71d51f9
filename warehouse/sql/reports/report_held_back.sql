-- Grain: reasons for which something is held back, most first.
SELECT
    reason_code,
    stage,
    count(*) AS rows_held,
    min(path) AS example
FROM quality.quarantine
WHERE status = 'open'
GROUP BY reason_code, stage
ORDER BY rows_held DESC, reason_code ASC, stage ASC;
