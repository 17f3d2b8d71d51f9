-- All articles are looked at as if they were new.
UPDATE linked_article SET is_new = true
WHERE NOT is_new;
-- Grain: one value of a sketch that more than one article has.
CREATE OR REPLACE TEMP TABLE doubtful_pair AS
SELECT article_key, other_article_key FROM main.fact_article_pair;
CREATE OR REPLACE TEMP TABLE shared_value AS
SELECT value FROM signature_value
GROUP BY value
HAVING count(*) > 1;
