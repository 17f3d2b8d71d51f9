-- What is held back now, and what became of rows that were: those of documents that
-- are loaded again, of files that are taken in by now, and those that were retried.
CREATE OR REPLACE TEMP TABLE tried AS
SELECT
    held.quarantine_key,
    held.char_start,
    held.char_end,
    CASE WHEN held.document_key <> 0 THEN held.document_key::VARCHAR ELSE held.path END
        AS place,
    held.document_key IN (FROM reloaded_document)
    OR retried.quarantine_key IS NOT NULL AS is_asked
FROM quality.quarantine AS held
LEFT JOIN staging.retried_quarantine AS retried USING (quarantine_key)
WHERE
    held.status = 'open'
    AND retried.event IS NULL
    AND (
        retried.quarantine_key IS NOT NULL
        OR held.document_key IN (FROM reloaded_document)
        OR (
            held.document_key = 0
            AND held.path IN (
                SELECT arrival.path
                FROM staging.document_arrival AS arrival
                SEMI JOIN ops.document USING (document_key)
            )
        )
    );
-- Grain: one of these that is refused again, be it for another reason.
CREATE OR REPLACE TEMP TABLE refused AS
SELECT
    tried.quarantine_key,
    min(concat_ws(': ', again.reason_code, again.detail)) AS note
FROM tried
INNER JOIN staging.quarantine AS again
    ON
        tried.place = CASE
            WHEN again.document_key <> 0 THEN again.document_key::VARCHAR
            ELSE again.path
        END
        AND coalesce(tried.char_start, 0) < coalesce(again.char_end, 1::BIGINT << 60)
        AND coalesce(again.char_start, 0) < coalesce(tried.char_end, 1::BIGINT << 60)
GROUP BY tried.quarantine_key;
INSERT INTO quality.quarantine_event BY NAME
SELECT
    tried.quarantine_key,
    $ended_at::TIMESTAMP AS happened_at,
    CASE WHEN refused.quarantine_key IS NULL THEN 'accepted' ELSE 'refused' END
        AS event,
    refused.note,
    this_run.run_key
FROM tried
LEFT JOIN refused USING (quarantine_key)
CROSS JOIN staging.this_run AS this_run
WHERE refused.quarantine_key IS NULL OR tried.is_asked
UNION ALL BY NAME
SELECT
    untried.quarantine_key,
    $ended_at::TIMESTAMP AS happened_at,
    untried.event,
    untried.note,
    this_run.run_key
FROM staging.retried_quarantine AS untried
CROSS JOIN staging.this_run AS this_run
WHERE untried.event IS NOT NULL;
UPDATE quality.quarantine
SET status = 'retried'
WHERE
    quarantine_key IN (SELECT quarantine_key FROM tried)
    AND quarantine_key NOT IN (SELECT quarantine_key FROM staging.quarantine);
UPDATE quality.quarantine
SET status = 'open'
WHERE
    status = 'retried'
    AND quarantine_key IN (SELECT quarantine_key FROM staging.quarantine);
INSERT INTO quality.quarantine BY NAME
SELECT held.* FROM staging.quarantine AS held
ANTI JOIN quality.quarantine AS known USING (quarantine_key);
