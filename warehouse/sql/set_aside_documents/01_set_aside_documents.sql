-- Grain: one document that fails an expectation; its articles are set aside already.
CREATE OR REPLACE TEMP TABLE failing_document AS
SELECT
    document_key,
    string_agg(DISTINCT expectation_code, ', ' ORDER BY expectation_code) AS codes,
    string_agg(DISTINCT detail, '; ' ORDER BY detail) AS details
FROM failing_documents
GROUP BY document_key;
DELETE FROM staging.quarantine
WHERE document_key IN (SELECT document_key FROM failing_document);
-- Named as build_quarantine does, so that the next run knows that the file is held.
INSERT INTO staging.quarantine BY NAME
SELECT DISTINCT ON (document.document_key)
    ((
        '0x' || left(
            sha256(document.document_id || '   audit ' || $reason_code::VARCHAR), 16
        )
    )::UBIGINT // 2)::BIGINT AS quarantine_key,
    0::BIGINT AS document_key,
    document.path,
    'audit' AS stage,
    $reason_code::VARCHAR AS reason_code,
    failing_document.codes || ': ' || failing_document.details AS detail,
    $run_key::BIGINT AS run_key,
    'open' AS status
FROM staging.dim_document AS document
INNER JOIN failing_document USING (document_key);
UPDATE staging.path_outcome
SET
    outcome = 'held_back',
    reason_code = $reason_code::VARCHAR
WHERE
    outcome IN ('loaded', 'copy')
    AND document_id IN (
        SELECT document.document_id
        FROM staging.dim_document AS document
        INNER JOIN failing_document USING (document_key)
    );
DELETE FROM staging.chosen_document
WHERE document_key IN (SELECT document_key FROM failing_document);
