-- What articles that were new in this run and left it again leave behind: their pairs
-- go, and articles that they stood between may come near each other. Nothing moves
-- apart.
DELETE FROM linked_article
WHERE article_key IN (SELECT article_key FROM failing_article);
DELETE FROM staging.fact_article_pair
WHERE
    article_key IN (SELECT article_key FROM failing_article)
    OR other_article_key IN (SELECT article_key FROM failing_article);
DELETE FROM staging.bridge_article_story;
INSERT INTO compared_pair
SELECT article_key, other_article_key FROM candidate_pair;
-- Grain: one article that stands by a value near one that left.
CREATE OR REPLACE TEMP TABLE near_article AS
WITH
gap AS (
    SELECT
        holder.value,
        holder.place,
        $neighbours + count(*) OVER (PARTITION BY holder.value) AS reach
    FROM holder
    SEMI JOIN failing_article USING (article_key)
),

reached AS (
    SELECT DISTINCT
        value,
        unnest(range(place - reach, place + reach + 1)) AS place
    FROM gap
)

SELECT DISTINCT holder.article_key
FROM holder
SEMI JOIN reached USING (value, place)
ANTI JOIN failing_article USING (article_key);
CREATE OR REPLACE TEMP TABLE holder AS
SELECT
    holder.* EXCLUDE (place, last_place),
    row_number() OVER (
        PARTITION BY holder.value ORDER BY holder.day, holder.article_key
    )::UINTEGER AS place,
    count(*) OVER (PARTITION BY holder.value)::UINTEGER AS last_place
FROM holder
SEMI JOIN (
    SELECT beside.value FROM holder AS beside
    SEMI JOIN near_article USING (article_key)
) AS near USING (value)
ANTI JOIN failing_article USING (article_key);
