-- Sketches, pairs, and stories; what they replace goes in the same transaction.
DELETE FROM ops.article_signature
WHERE
    article_key IN (SELECT article_key FROM staging.article_signature)
    OR article_key IN (FROM gone_article);
INSERT INTO ops.article_signature BY NAME
SELECT staged.*
FROM staging.article_signature AS staged
SEMI JOIN main.fact_article USING (article_key);
DELETE FROM main.fact_article_pair
WHERE (article_key, other_article_key) IN (
    SELECT (retired.article_key, retired.other_article_key)
    FROM staging.retired_pair AS retired
);
INSERT INTO main.fact_article_pair BY NAME SELECT * FROM staging.fact_article_pair;
DELETE FROM main.bridge_article_story
WHERE
    article_key IN (SELECT article_key FROM staging.bridge_article_story)
    OR article_key IN (FROM gone_article);
INSERT INTO main.bridge_article_story BY NAME
SELECT * FROM staging.bridge_article_story;
