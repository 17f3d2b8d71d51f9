-- Grain: one pair of articles whose sketches share enough values among neighbours.
CREATE OR REPLACE TEMP TABLE holder AS
SELECT
    signature_value.value,
    linked.article_key,
    linked.day,
    $is_everything OR linked.is_new AS is_new,
    doubtful.article_key IS NOT NULL AS is_doubtful,
    row_number() OVER (
        PARTITION BY signature_value.value ORDER BY linked.day, linked.article_key
    ) AS place
FROM signature_value
SEMI JOIN shared_value USING (value)
INNER JOIN linked_article AS linked USING (article_key)
LEFT JOIN (
    SELECT article_key FROM doubtful_pair
    UNION
    SELECT other_article_key FROM doubtful_pair
) AS doubtful ON signature_value.article_key = doubtful.article_key;
CREATE OR REPLACE TEMP TABLE candidate_pair AS
SELECT
    least(one.article_key, other.article_key) AS article_key,
    greatest(one.article_key, other.article_key) AS other_article_key
FROM (
    -- Not a join with a range: that would be put behind the one by values, which pairs
    -- each holder of a common value with each other one.
    SELECT *, unnest(range(place + 1, place + $neighbours + 1)) AS next_place
    FROM holder
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
INSERT INTO staging.retired_pair BY NAME
SELECT doubtful_pair.article_key, doubtful_pair.other_article_key
FROM doubtful_pair
ANTI JOIN candidate_pair USING (article_key, other_article_key)
UNION
SELECT known.article_key, known.other_article_key
FROM main.fact_article_pair AS known
WHERE known.method_version <> $method_version;
-- Pairs to compare: not known as near-duplicates, and not two old articles that were
-- compared by an earlier run.
CREATE OR REPLACE TEMP TABLE new_candidate AS
SELECT
    pair.article_key,
    pair.other_article_key,
    one.day,
    one.char_count + other.char_count AS char_count
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
WHERE $is_everything OR one.is_new OR other.is_new;
CREATE OR REPLACE TEMP TABLE wanted_article AS
SELECT linked.article_key, linked.char_count
FROM linked_article AS linked
SEMI JOIN (
    SELECT article_key FROM new_candidate
    UNION
    SELECT other_article_key FROM new_candidate
) AS candidate USING (article_key);
