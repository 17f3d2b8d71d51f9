-- Grain: one pair to compare: not known as near-duplicates, and compared neither in
-- this run nor, two old articles, in an earlier one.
CREATE OR REPLACE TEMP TABLE unknown_pair AS
SELECT pair.*
FROM candidate_pair AS pair
INNER JOIN linked_article AS one USING (article_key)
INNER JOIN linked_article AS other ON pair.other_article_key = other.article_key
ANTI JOIN (
    SELECT known.article_key, known.other_article_key
    FROM main.fact_article_pair AS known
    WHERE known.method_version = $method_version
) AS known
    ON
        pair.article_key = known.article_key
        AND pair.other_article_key = known.other_article_key
ANTI JOIN compared_pair AS compared
    ON
        pair.article_key = compared.article_key
        AND pair.other_article_key = compared.other_article_key
WHERE one.is_new OR other.is_new;
-- Grain: one article of these pairs, and its place among them by time: near it are all
-- that it is compared with.
CREATE OR REPLACE TEMP TABLE wanted_article AS
SELECT
    linked.article_key,
    linked.char_count,
    row_number() OVER (ORDER BY linked.day, linked.article_key) AS place
FROM linked_article AS linked
SEMI JOIN (
    SELECT article_key FROM unknown_pair
    UNION
    SELECT other_article_key FROM unknown_pair
) AS candidate USING (article_key);
CREATE OR REPLACE TEMP TABLE new_candidate AS
SELECT
    pair.*,
    one.place,
    other.place AS other_place,
    one.char_count + other.char_count AS char_count
FROM unknown_pair AS pair
INNER JOIN wanted_article AS one USING (article_key)
INNER JOIN wanted_article AS other ON pair.other_article_key = other.article_key;
