-- Grain: one staged quote of an article's first appearance, which starts a stretch;
-- offsets in characters of the stretch. In the order of the documents, so that the
-- quotes of some are found without looking at all of them.
SELECT
    read_document.number,
    evidence.article_key,
    evidence.document_key,
    article.first_char_start AS char_start,
    evidence.char_start - article.first_char_start AS quote_start,
    evidence.char_end - article.first_char_start AS quote_end,
    evidence.exact
FROM staging.fact_evidence AS evidence
INNER JOIN read_document USING (document_key)
INNER JOIN staging.fact_article AS article
    ON
        evidence.article_key = article.article_key
        AND evidence.document_key = article.first_document_key
