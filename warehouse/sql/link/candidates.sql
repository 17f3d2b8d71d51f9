-- Grain: one pair of articles whose sketches share enough values among neighbours,
-- boilerplate left out.
CREATE OR REPLACE TEMP TABLE met_pair AS
SELECT
    least(one.article_key, other.article_key) AS article_key,
    greatest(one.article_key, other.article_key) AS other_article_key
FROM (
    -- Not a join with a range: that would be put behind the one by values, which pairs
    -- each holder of a common value with each other one.
    SELECT
        *,
        unnest(
            range(place + 1, least(place + $neighbours, last_place) + 1)
        ) AS next_place
    FROM holder
    WHERE place < last_place
) AS one
INNER JOIN holder AS other
    ON one.value = other.value AND one.next_place = other.place
WHERE
    NOT one.is_boilerplate
    AND NOT other.is_boilerplate
    AND one.article_key <> other.article_key
    -- Of two old articles only known pairs matter, and these are doubtful.
    AND (
        one.is_new OR other.is_new OR (one.is_doubtful AND other.is_doubtful)
    )
GROUP BY ALL
HAVING count(*) >= $shared_values;
-- The same, and what a pair is judged by besides its texts: days between the two, null
-- when one states none, values that they share, and how many of these are boilerplate.
CREATE OR REPLACE TEMP TABLE candidate_pair AS
WITH
marked AS (
    SELECT DISTINCT article_key
    FROM holder
    WHERE is_boilerplate
),

common AS (
    SELECT
        pair.article_key,
        pair.other_article_key,
        count(*) AS shared_values,
        count(*) FILTER (
            WHERE one.is_boilerplate OR other.is_boilerplate
        ) AS boilerplate_values
    FROM met_pair AS pair
    INNER JOIN holder AS one USING (article_key)
    INNER JOIN holder AS other
        ON pair.other_article_key = other.article_key AND one.value = other.value
    WHERE
        pair.article_key IN (FROM marked) OR pair.other_article_key IN (FROM marked)
    GROUP BY pair.article_key, pair.other_article_key
)

SELECT
    pair.article_key,
    pair.other_article_key,
    abs(one.stated_day - other.stated_day) AS days_apart,
    coalesce(common.shared_values, 1) AS shared_values,
    coalesce(common.boilerplate_values, 0) AS boilerplate_values
FROM met_pair AS pair
INNER JOIN linked_article AS one USING (article_key)
INNER JOIN linked_article AS other ON pair.other_article_key = other.article_key
LEFT JOIN common
    ON
        pair.article_key = common.article_key
        AND pair.other_article_key = common.other_article_key;
