-- Grain: one value of the sketches of new articles: where these may come between
-- others, for an article is compared with its neighbours in time alone.
CREATE OR REPLACE TEMP TABLE new_value AS
SELECT DISTINCT unnest(signature.sketch) AS value
FROM signature
SEMI JOIN (
    SELECT article_key FROM linked_article
    WHERE is_new
) AS fresh USING (article_key);
-- Grain: one of these values and one article that has it. This reads every sketch.
CREATE OR REPLACE TEMP TABLE met_value AS
SELECT
    signature_value.value,
    signature_value.article_key
FROM signature_value
SEMI JOIN new_value USING (value);
-- Grain: one old article with a value that new ones made boilerplate of its source: what
-- it shares with others is judged as if it were new.
CREATE OR REPLACE TEMP TABLE changed_article AS
WITH
held AS (
    SELECT
        met_value.value,
        linked.source_key,
        linked.article_key,
        linked.print_day,
        linked.enough_days,
        linked.is_new
    FROM met_value
    INNER JOIN linked_article AS linked USING (article_key)
),

changed AS (
    SELECT value, source_key
    FROM held
    GROUP BY value, source_key
    HAVING
        count(DISTINCT print_day) >= min(enough_days)
        AND count(DISTINCT print_day) FILTER (WHERE NOT is_new) < min(enough_days)
)

SELECT DISTINCT held.article_key
FROM held
SEMI JOIN changed USING (value, source_key)
WHERE NOT held.is_new;
UPDATE linked_article SET is_new = true
WHERE article_key IN (FROM changed_article);
CREATE OR REPLACE TEMP TABLE changed_value AS
SELECT unnest(signature.sketch) AS value
FROM signature
SEMI JOIN changed_article USING (article_key)
EXCEPT
SELECT value FROM new_value;
INSERT INTO new_value FROM changed_value;
INSERT INTO met_value
SELECT
    signature_value.value,
    signature_value.article_key
FROM signature_value
SEMI JOIN changed_value USING (value);
-- Grain: one known pair that may be none any more: by one of these values at least, new
-- articles moved the two out of each other's reach, or one of the two changed.
CREATE OR REPLACE TEMP TABLE doubtful_pair AS
WITH
placed AS (
    SELECT
        met_value.value,
        met_value.article_key,
        linked.is_new,
        row_number() OVER by_time AS place,
        count(*) FILTER (WHERE linked.is_new) OVER by_time AS new_before
    FROM met_value
    INNER JOIN linked_article AS linked USING (article_key)
    WINDOW by_time AS (
        PARTITION BY met_value.value ORDER BY linked.day, linked.article_key
        ROWS UNBOUNDED PRECEDING
    )
),

moved AS (
    SELECT
        one.article_key,
        unnest(range(1, $neighbours + 1)) AS distance,
        one.value,
        one.place - one.new_before AS old_place,
        one.new_before
    FROM placed AS one
    WHERE NOT one.is_new
)

SELECT known.article_key, known.other_article_key
FROM main.fact_article_pair AS known
SEMI JOIN (
    SELECT
        least(one.article_key, other.article_key) AS article_key,
        greatest(one.article_key, other.article_key) AS other_article_key
    FROM moved AS one
    INNER JOIN placed AS other
        ON
            one.value = other.value
            AND one.old_place + one.distance = other.place - other.new_before
    WHERE
        NOT other.is_new
        AND one.distance + other.new_before - one.new_before > $neighbours
) AS parted USING (article_key, other_article_key)
UNION
SELECT article_key, other_article_key
FROM main.fact_article_pair
WHERE
    article_key IN (FROM changed_article)
    OR other_article_key IN (FROM changed_article);
-- All values of their articles count, so that those are looked for too; rarely any are.
INSERT INTO met_value
SELECT
    signature_value.value,
    signature_value.article_key
FROM signature_value
SEMI JOIN (
    SELECT unnest(signature.sketch) AS value
    FROM signature
    SEMI JOIN (
        SELECT article_key FROM doubtful_pair
        UNION
        SELECT other_article_key FROM doubtful_pair
    ) AS doubtful USING (article_key)
    EXCEPT
    SELECT value FROM new_value
) AS more USING (value);
CREATE OR REPLACE TEMP VIEW held_value AS FROM met_value;
