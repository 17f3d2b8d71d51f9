-- Articles that the audit of one run held back (contract REJECTS).
SELECT
    document.document_id,
    quarantine.path,
    quarantine.char_start,
    quarantine.char_end,
    quarantine.stage,
    quarantine.reason_code,
    quarantine.detail
FROM quality.quarantine AS quarantine
LEFT JOIN ops.document AS document USING (document_key)
WHERE quarantine.run_key = $run_key AND quarantine.stage = 'audit'
ORDER BY quarantine.path, quarantine.char_start;
