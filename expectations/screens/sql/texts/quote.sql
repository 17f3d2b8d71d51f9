-- Grain: one staged quote of an article's first appearance, which starts a stretch;
-- offsets in characters of the stretch. In the order of the documents, so that the
-- quotes of some are found without looking at all of them.
WITH
quoted AS (
    SELECT
        'fact_evidence' AS table_name,
        article_key,
        document_key,
        char_start,
        char_end,
        exact
    FROM staging.fact_evidence
    UNION ALL
    SELECT
        'fact_mention' AS table_name,
        article_key,
        document_key,
        char_start,
        char_end,
        exact
    FROM staging.fact_mention
    UNION ALL
    SELECT
        'fact_quantity' AS table_name,
        article_key,
        document_key,
        char_start,
        char_end,
        exact
    FROM staging.fact_quantity
)

SELECT
    read_document.number,
    quoted.table_name,
    quoted.article_key,
    quoted.document_key,
    article.first_char_start AS char_start,
    quoted.char_start - article.first_char_start AS quote_start,
    quoted.char_end - article.first_char_start AS quote_end,
    quoted.exact
FROM quoted
INNER JOIN read_document USING (document_key)
INNER JOIN staging.fact_article AS article
    ON
        quoted.article_key = article.article_key
        AND quoted.document_key = article.first_document_key
