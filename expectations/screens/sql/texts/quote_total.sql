-- Grain: one table, article, and document that staged quotes are of: how many of them are
-- not there in the text, or lie in no appearance of the article in the document.
WITH
occurrence AS (
    SELECT article_key, document_key, char_start, char_end
    FROM staging.fact_occurrence
    UNION
    SELECT seen.article_key, seen.document_key, seen.char_start, seen.char_end
    FROM main.fact_occurrence AS seen
    SEMI JOIN staged_quote USING (article_key, document_key)
    ANTI JOIN staging.dim_document USING (document_key)
),

home_quote AS (
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
),

quoted AS (
    SELECT
        table_name,
        article_key,
        document_key,
        count(*) AS quotes
    FROM staged_quote
    GROUP BY ALL
)

SELECT
    quoted.table_name,
    quoted.article_key,
    quoted.document_key,
    quoted.quotes - coalesce(right_quote.quotes, 0) AS wrong_quotes,
    quoted.quotes - coalesce(home_quote.quotes, 0) AS quotes_outside,
    quoted.article_key IN (
        SELECT article_key FROM staging.fact_article
        UNION ALL
        SELECT article_key FROM main.fact_article
    ) AS is_article_resolved,
    quoted.document_key IN (
        SELECT document_key FROM staging.dim_document
        UNION ALL
        SELECT document_key FROM ops.document
    ) AS is_document_resolved
FROM quoted
LEFT JOIN home_quote USING (table_name, article_key, document_key)
LEFT JOIN right_quote USING (table_name, article_key, document_key)
