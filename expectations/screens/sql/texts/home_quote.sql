-- Grain: one table, article, and document: how many quotes lie in an appearance of the
-- article in the document.
WITH
occurrence AS (
    SELECT article_key, document_key, char_start, char_end
    FROM staging.fact_occurrence
    UNION
    SELECT seen.article_key, seen.document_key, seen.char_start, seen.char_end
    FROM main.fact_occurrence AS seen
    SEMI JOIN staged_quote USING (article_key, document_key)
    ANTI JOIN staging.dim_document USING (document_key)
)

SELECT
    quoted.table_name,
    quoted.article_key,
    quoted.document_key,
    count(*) AS quotes
FROM staged_quote AS quoted
SEMI JOIN occurrence
    ON
        quoted.article_key = occurrence.article_key
        AND quoted.document_key = occurrence.document_key
        AND quoted.from_start >= occurrence.char_start
        AND quoted.to_end <= occurrence.char_end
GROUP BY quoted.table_name, quoted.article_key, quoted.document_key
