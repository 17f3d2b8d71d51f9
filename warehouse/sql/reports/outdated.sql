-- Grain: the warehouse, one row: how much of it other versions made than would today.
WITH
outdated_document AS (
    SELECT document_key FROM ops.document
    WHERE
        document_key <> 0
        AND transform_version IS DISTINCT FROM $transform_version::VARCHAR
)

SELECT
    (SELECT count(*) FROM outdated_document) AS documents,
    (
        SELECT count(*) FROM main.fact_article
        WHERE first_document_key IN (SELECT document_key FROM outdated_document)
    ) AS articles,
    (
        SELECT count(*) FROM main.fact_article
        WHERE article_key NOT IN (
            SELECT article_key FROM main.fact_classification
            WHERE classifier_key = $classifier_key::BIGINT
        )
    ) AS labels,
    (
        SELECT count(*) FROM main.fact_article
        WHERE article_key NOT IN (
            SELECT article_key FROM ops.article_signature
            WHERE method_version = $method_version::UTINYINT
        )
    ) AS stories;
