-- Rows that were tried, with the newest thing that became of each.
SELECT
    held.quarantine_key,
    held.path,
    held.reason_code,
    held.status,
    newest.what.event,
    newest.what.note
FROM quality.quarantine AS held
INNER JOIN (
    SELECT
        quarantine_key,
        arg_max({ 'event': event, 'note': note }, happened_at) AS what
    FROM quality.quarantine_event
    GROUP BY quarantine_key
) AS newest USING (quarantine_key)
WHERE held.quarantine_key IN (SELECT unnest($keys::BIGINT[]))
ORDER BY held.path, held.char_start, held.quarantine_key;
