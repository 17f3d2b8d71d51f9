-- Nothing is kept when more than a quarter of the index is of articles that are gone or
-- are read otherwise now: then all is indexed anew.
DELETE FROM ops.search_posting
WHERE (
    SELECT
        4 * (
            coalesce(max(indexed.article_number), -1)::BIGINT + 1
            - count(fact.article_key)
        )
    FROM ops.search_article AS indexed
    LEFT JOIN main.fact_article AS fact
        ON
            indexed.article_key = fact.article_key
            AND indexed.document_key = fact.first_document_key
            AND indexed.char_start = fact.first_char_start
            AND indexed.run_key = fact.run_key
) > (SELECT count(*) FROM ops.search_article);
