-- Grain: one value of the sketches of new articles, and of pairs that they may come
-- between: an article is compared with its neighbours in time alone.
CREATE OR REPLACE TEMP TABLE new_value AS
SELECT DISTINCT signature_value.value
FROM signature_value
SEMI JOIN (
    SELECT article_key FROM linked_article
    WHERE is_new
) AS fresh USING (article_key);
CREATE OR REPLACE TEMP TABLE met_article AS
SELECT DISTINCT signature_value.article_key
FROM signature_value
SEMI JOIN new_value USING (value);
CREATE OR REPLACE TEMP TABLE doubtful_pair AS
SELECT known.article_key, known.other_article_key
FROM main.fact_article_pair AS known
SEMI JOIN met_article ON known.article_key = met_article.article_key
SEMI JOIN met_article AS other ON known.other_article_key = other.article_key;
CREATE OR REPLACE TEMP TABLE shared_value AS
SELECT value FROM new_value
UNION
SELECT signature_value.value
FROM signature_value
SEMI JOIN (
    SELECT article_key FROM doubtful_pair
    UNION
    SELECT other_article_key FROM doubtful_pair
) AS doubtful USING (article_key);
