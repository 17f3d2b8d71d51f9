-- What was held back, where, and why? Counts files, spans, and articles.
SELECT stage, reason_code, status, count(*) AS row_count, any_value(path) AS example
FROM quality.quarantine
GROUP BY ALL
ORDER BY row_count DESC, stage ASC, reason_code ASC, status ASC;
