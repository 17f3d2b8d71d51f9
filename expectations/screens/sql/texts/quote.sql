-- Grain: one staged quote of an article's first appearance, which starts a stretch;
-- offsets in characters of the stretch. In the order of the documents, so that the
-- quotes of some are found without looking at all of them.
SELECT
    read_document.number,
    quoted.table_name,
    quoted.article_key,
    quoted.document_key,
    article.first_char_start AS char_start,
    quoted.char_start - article.first_char_start AS quote_start,
    quoted.char_end - article.first_char_start AS quote_end,
    quoted.exact
FROM staged_quote AS quoted
INNER JOIN read_document USING (document_key)
INNER JOIN staging.fact_article AS article
    ON
        quoted.article_key = article.article_key
        AND quoted.document_key = article.first_document_key
