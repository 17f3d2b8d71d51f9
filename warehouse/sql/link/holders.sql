-- Grain: one value of the sketch of an article, and its place among those that have it,
-- by time.
CREATE OR REPLACE TEMP TABLE holder AS
SELECT
    held_value.value,
    linked.article_key,
    linked.day,
    linked.is_new,
    doubtful.article_key IS NOT NULL AS is_doubtful,
    row_number() OVER (
        PARTITION BY held_value.value ORDER BY linked.day, linked.article_key
    )::UINTEGER AS place,
    count(*) OVER (PARTITION BY held_value.value)::UINTEGER AS last_place
FROM held_value
INNER JOIN linked_article AS linked USING (article_key)
LEFT JOIN (
    SELECT article_key FROM doubtful_pair
    UNION
    SELECT other_article_key FROM doubtful_pair
) AS doubtful ON held_value.article_key = doubtful.article_key;
