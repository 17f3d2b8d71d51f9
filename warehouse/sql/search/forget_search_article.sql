-- Articles that are gone or are read otherwise now; all, when no postings are left.
DELETE FROM ops.search_article
WHERE
    (SELECT count(*) FROM ops.search_posting) = 0
    OR (article_key, document_key, char_start, run_key) NOT IN (
        SELECT (article_key, first_document_key, first_char_start, run_key)
        FROM main.fact_article
    );
