-- All articles are looked at as if they were new.
UPDATE linked_article SET is_new = true
WHERE NOT is_new;
CREATE OR REPLACE TEMP TABLE doubtful_pair AS
SELECT article_key, other_article_key FROM main.fact_article_pair;
-- Grain: one value of a sketch that more than one article has, and one of these.
CREATE OR REPLACE TEMP TABLE shared_value AS
SELECT value FROM signature_value
GROUP BY value
HAVING count(*) > 1;
CREATE OR REPLACE TEMP VIEW held_value AS
SELECT
    signature_value.value,
    signature_value.article_key
FROM signature_value
SEMI JOIN shared_value USING (value);
