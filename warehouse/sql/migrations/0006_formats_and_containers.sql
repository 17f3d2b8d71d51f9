-- In what format a document is, what read it, and the archive or mailbox that it lies
-- in. What was read before was plain text or JSON Lines, in no container.
ALTER TABLE ops.document ADD COLUMN IF NOT EXISTS format VARCHAR;
ALTER TABLE ops.document ADD COLUMN IF NOT EXISTS extractor VARCHAR;
ALTER TABLE ops.document ADD COLUMN IF NOT EXISTS container_id VARCHAR;
UPDATE ops.document SET
    format = CASE kind WHEN 'digest' THEN 'text' WHEN 'records' THEN 'json lines' END;
