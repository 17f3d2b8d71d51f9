-- Grain: one article that is not in the index yet, with its text.
SELECT
    fact.article_key,
    fact.first_document_key AS document_key,
    fact.first_char_start AS char_start,
    fact.run_key,
    fact.title,
    text.body
FROM main.article_text AS text
INNER JOIN main.fact_article AS fact ON text.article_key = fact.article_key
ANTI JOIN ops.search_article AS indexed ON fact.article_key = indexed.article_key;
