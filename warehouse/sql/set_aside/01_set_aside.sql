-- Grain: one appearance of an article that fails an expectation.
CREATE OR REPLACE TEMP TABLE failing_article AS
SELECT
    article_key,
    string_agg(DISTINCT expectation_code, ', ' ORDER BY expectation_code) AS codes,
    string_agg(DISTINCT detail, '; ' ORDER BY detail) AS details
FROM failing_rows
GROUP BY article_key;
INSERT INTO staging.quarantine BY NAME
SELECT
    ((
        '0x' || left(
            sha256(
                concat_ws(
                    ' ', document.document_id, seen.char_start, seen.char_end, 'audit'
                )
            ), 16
        )
    )::UBIGINT // 2)::BIGINT AS quarantine_key,
    seen.document_key,
    document.path,
    -- A span that reaches out of its document is held as far as there is text.
    greatest(least(seen.char_start, document.char_count - 1), 0) AS char_start,
    greatest(least(seen.char_end, document.char_count), 1) AS char_end,
    'audit' AS stage,
    $reason_code::VARCHAR AS reason_code,
    failing_article.codes || ': ' || failing_article.details AS detail,
    $run_key::BIGINT AS run_key,
    'open' AS status
FROM staging.fact_occurrence AS seen
INNER JOIN failing_article USING (article_key)
INNER JOIN staging.dim_document AS document
    ON seen.document_key = document.document_key;
DELETE FROM staging.fact_occurrence
WHERE article_key IN (SELECT article_key FROM failing_article);
DELETE FROM staging.fact_classification
WHERE article_key IN (SELECT article_key FROM failing_article);
DELETE FROM staging.fact_evidence
WHERE article_key IN (SELECT article_key FROM failing_article);
DELETE FROM staging.fact_mention
WHERE article_key IN (SELECT article_key FROM failing_article);
DELETE FROM staging.fact_quantity
WHERE article_key IN (SELECT article_key FROM failing_article);
DELETE FROM staging.fact_article
WHERE article_key IN (SELECT article_key FROM failing_article);
DELETE FROM staging.bridge_article_author
WHERE article_key IN (SELECT article_key FROM failing_article);
DELETE FROM staging.article_signature
WHERE article_key IN (SELECT article_key FROM failing_article);
DELETE FROM staging.chosen_article
WHERE article_key IN (SELECT article_key FROM failing_article);
