-- Grain: one new text, which stays out of the audit but for its length.
SELECT
    article_text.article_key,
    length(article_text.body) AS body_chars,
    article_text.article_key IN (
        SELECT article_key FROM staging.fact_article
    ) AS is_article_resolved
FROM staging.article_text AS article_text
