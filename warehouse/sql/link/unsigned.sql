-- Articles without a sketch by this method: loaded before there was one.
CREATE OR REPLACE TEMP TABLE wanted_article AS
SELECT
    linked.article_key,
    linked.char_count,
    row_number() OVER (ORDER BY linked.article_key) AS place
FROM linked_article AS linked
ANTI JOIN staging.article_signature AS staged
    ON linked.article_key = staged.article_key
ANTI JOIN (
    SELECT article_key FROM ops.article_signature
    WHERE method_version = $method_version
) AS known USING (article_key);
SELECT count(*) FROM wanted_article;
