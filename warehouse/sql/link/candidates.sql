-- Grain: one pair of articles whose sketches share enough values among neighbours.
CREATE OR REPLACE TEMP TABLE candidate_pair AS
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
    other.day - one.day <= $window_days
    AND one.article_key <> other.article_key
    -- Of two old articles only known pairs matter, and these are doubtful.
    AND (
        one.is_new OR other.is_new OR (one.is_doubtful AND other.is_doubtful)
    )
GROUP BY ALL
HAVING count(*) >= $shared_values;
