-- Who says how many were killed, injured, or missing, when, and where do claims of one
-- story exclude each other? Counts claims; a story is a text and its reprints.
-- $story BIGINT = NULL: Key of one story, story_key; all stories by default.

WITH
casualty AS (
    SELECT
        *,
        coalesce(value_low, 0) AS least,
        coalesce(value_high, 'infinity'::DOUBLE) AS most
    FROM claim
    WHERE
        quantity_type IN ('killed', 'injured', 'missing')
        AND story_key = coalesce($story::BIGINT, story_key)
)

SELECT
    story_key,
    quantity_type,
    place,
    published_date,
    coalesce(speaker, source) AS said_by,
    value_low,
    value_high,
    is_approximate,
    exact,
    -- Beside another claim of this story, type, and place both cannot be true.
    max(least) OVER same > min(most) OVER same AS is_in_conflict,
    title,
    article_key
FROM casualty
WINDOW same AS (PARTITION BY story_key, quantity_type, place)
ORDER BY
    is_in_conflict DESC, story_key ASC, quantity_type ASC, place ASC,
    published_date ASC, article_key ASC, char_start ASC
LIMIT 500;
