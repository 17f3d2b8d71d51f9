-- Grain: one value that one source has on so many days that it says nothing: it stands
-- under all that the source publishes, or in a form that it fills in again and again.
CREATE OR REPLACE TEMP TABLE boilerplate_value AS
WITH
held AS (
    SELECT
        held_value.value,
        linked.source_key,
        linked.print_day,
        linked.enough_days
    FROM held_value
    INNER JOIN linked_article AS linked USING (article_key)
),

-- Few are; days are told apart for these alone.
often AS (
    SELECT value, source_key
    FROM held
    GROUP BY value, source_key
    HAVING count(*) >= min(enough_days)
)

SELECT held.value, held.source_key
FROM held
SEMI JOIN often USING (value, source_key)
GROUP BY held.value, held.source_key
HAVING count(DISTINCT held.print_day) >= min(held.enough_days);
-- Grain: one value of the sketch of an article, and its place among those that have it,
-- by time.
CREATE OR REPLACE TEMP TABLE holder AS
SELECT
    held_value.value,
    linked.article_key,
    linked.day,
    linked.is_new,
    doubtful.article_key IS NOT NULL AS is_doubtful,
    boilerplate.value IS NOT NULL AS is_boilerplate,
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
) AS doubtful ON held_value.article_key = doubtful.article_key
LEFT JOIN boilerplate_value AS boilerplate
    ON
        held_value.value = boilerplate.value
        AND linked.source_key = boilerplate.source_key;
