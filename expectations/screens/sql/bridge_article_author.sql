-- Grain: one staged article and who wrote it. Does each key resolve, and is the first
-- author the article's own?
SELECT
    bridge.article_key,
    bridge.author_key,
    article.article_key IS NOT NULL AS is_article_resolved,
    bridge.author_key IN (
        SELECT author_key FROM staging.dim_author
        UNION ALL
        SELECT author_key FROM main.dim_author
    ) AS is_author_resolved,
    count(*) OVER (PARTITION BY bridge.article_key, bridge.author_key)
    = 1 AS is_author_unique,
    bridge.ordinal
    = row_number() OVER (
        PARTITION BY bridge.article_key ORDER BY bridge.ordinal
    ) AS is_ordinal_in_order,
    bridge.ordinal <> 1
    OR bridge.author_key = article.author_key AS is_first_the_articles
FROM staging.bridge_article_author AS bridge
LEFT JOIN staging.fact_article AS article USING (article_key)
