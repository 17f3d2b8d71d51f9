-- Grain: documents with first occurrences of articles that a version has not scored.
SELECT
    document.document_key,
    any_value(document.byte_size)::BIGINT AS byte_size
FROM main.fact_article AS article
INNER JOIN ops.document AS document
    ON article.first_document_key = document.document_key
ANTI JOIN (
    SELECT article_key
    FROM main.fact_classification
    WHERE classifier_key = $classifier_key
) AS scored
    USING (article_key)
GROUP BY document.document_key
ORDER BY document.document_key;
