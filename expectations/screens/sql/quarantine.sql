-- Grain: one span or document that was held back before the audit.
SELECT
    held.reason_code,
    held.stage,
    held.char_start IS NULL
    OR (held.char_start >= 0 AND held.char_end > held.char_start) AS is_span_sound
FROM staging.quarantine AS held
