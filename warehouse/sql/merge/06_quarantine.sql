-- What is held back now; what a reloaded document no longer holds back was retried.
UPDATE quality.quarantine
SET status = 'retried'
WHERE
    status = 'open'
    AND document_key IN (
        FROM reloaded_document
    )
    AND quarantine_key NOT IN (SELECT quarantine_key FROM staging.quarantine);
UPDATE quality.quarantine
SET status = 'open'
WHERE
    status = 'retried'
    AND quarantine_key IN (SELECT quarantine_key FROM staging.quarantine);
INSERT INTO quality.quarantine BY NAME
SELECT * FROM staging.quarantine
ANTI JOIN quality.quarantine USING (quarantine_key);
