-- Grain: one new pair of near-duplicates.
WITH
named AS (
    SELECT article_key FROM staging.fact_article_pair
    UNION
    SELECT other_article_key FROM staging.fact_article_pair
),

article AS (
    SELECT article_key FROM staging.fact_article
    UNION
    SELECT known.article_key
    FROM main.fact_article AS known
    SEMI JOIN named USING (article_key)
)

SELECT
    pair.article_key,
    pair.other_article_key,
    pair.article_key < pair.other_article_key AS is_ordered,
    pair.containment BETWEEN 0 AND 1 AS is_containment_a_share,
    pair.resemblance BETWEEN 0 AND pair.containment AS is_resemblance_a_share,
    one.article_key IS NOT NULL
    AND other.article_key IS NOT NULL AS is_article_resolved
FROM staging.fact_article_pair AS pair
LEFT JOIN article AS one ON pair.article_key = one.article_key
LEFT JOIN article AS other ON pair.other_article_key = other.article_key
