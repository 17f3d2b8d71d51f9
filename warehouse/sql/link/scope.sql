-- What the warehouse will hold after this run, and what of it has no story yet.
CREATE OR REPLACE TABLE staging.retired_pair AS
SELECT article_key, other_article_key FROM main.fact_article_pair
WHERE FALSE;
CREATE OR REPLACE TEMP TABLE compared_pair AS
SELECT article_key, other_article_key FROM main.fact_article_pair
WHERE FALSE;
DELETE FROM staging.fact_article_pair;
DELETE FROM staging.bridge_article_story;
-- Grain: one article that loses all its appearances.
CREATE OR REPLACE TEMP TABLE lost_article AS
WITH
reloaded AS (
    SELECT document_key FROM staging.chosen_document
    WHERE is_reloaded
),

touched AS (
    SELECT DISTINCT seen.article_key
    FROM main.fact_occurrence AS seen
    SEMI JOIN reloaded USING (document_key)
),

kept AS (
    SELECT DISTINCT seen.article_key
    FROM main.fact_occurrence AS seen
    SEMI JOIN touched USING (article_key)
    ANTI JOIN reloaded USING (document_key)
)

SELECT touched.article_key
FROM touched
ANTI JOIN kept USING (article_key)
ANTI JOIN staging.fact_occurrence USING (article_key);
-- Grain: one article; `day` counts from 1970, undated ones are far from all others. A day
-- that only its file or other articles suggest is none that articles have in common:
-- `stated_day` is null then, and the article has a `print_day` of its own. All that is of
-- no known source counts as one, of which more days are asked.
CREATE OR REPLACE TEMP TABLE linked_article AS
WITH
final AS (
    SELECT article_key, published_date_key, date_basis, source_key, char_count
    FROM staging.fact_article
    UNION ALL
    SELECT
        known.article_key,
        known.published_date_key,
        known.date_basis,
        known.source_key,
        known.char_count
    FROM main.fact_article AS known
    ANTI JOIN staging.fact_article USING (article_key)
    ANTI JOIN lost_article USING (article_key)
),

dated AS (
    SELECT
        *,
        try(
            make_date(
                published_date_key // 10000,
                published_date_key // 100 % 100,
                published_date_key % 100
            )
        ) - DATE '1970-01-01' AS known_day
    FROM final
)

SELECT
    final.article_key,
    final.source_key,
    coalesce(final.known_day, $undated_day)::INTEGER AS day,
    CASE
        WHEN final.date_basis NOT IN ('neighbours', 'file_name') THEN final.known_day
    END AS stated_day,
    coalesce(stated_day, -final.article_key::BIGINT)::BIGINT AS print_day,
    CASE
        WHEN final.source_key = 0 THEN $unsigned_days ELSE $boilerplate_days
    END AS enough_days,
    final.char_count,
    known.article_key IS NULL AS is_new
FROM dated AS final
LEFT JOIN main.bridge_article_story AS known
    ON
        final.article_key = known.article_key
        AND known.method_version = $method_version;
-- Sketches of all of them; what is staged replaces what main has.
CREATE OR REPLACE TEMP VIEW signature AS
SELECT article_key, sketch FROM staging.article_signature
UNION ALL
SELECT known.article_key, known.sketch
FROM newsmill.ops.article_signature AS known
ANTI JOIN staging.article_signature USING (article_key);
CREATE OR REPLACE TEMP VIEW signature_value AS
SELECT article_key, unnest(sketch) AS value FROM signature;
