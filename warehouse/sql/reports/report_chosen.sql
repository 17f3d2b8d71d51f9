-- Grain: distinct articles that the report is about, kept while it is drawn. `place`
-- numbers them as the list has them: the newest day first, undated ones last, by title.
CREATE OR REPLACE TEMP TABLE chosen_article AS
WITH
serving_label AS (
    SELECT article_key, category_key
    FROM main.fact_classification
    WHERE
        is_primary
        AND classifier_key = (SELECT classifier_key FROM ops.serving_classifier)
)

SELECT
    fact.article_key,
    fact.source_key,
    fact.run_key,
    fact.occurrence_count,
    category.code AS category,
    published.date,
    row_number() OVER (
        ORDER BY
            published.date DESC NULLS LAST, lower(fact.title) ASC, fact.article_key ASC
    ) AS place
FROM main.fact_article AS fact
LEFT JOIN serving_label AS label ON fact.article_key = label.article_key
INNER JOIN main.dim_category AS category
    ON category.category_key = coalesce(label.category_key, fact.category_key)
LEFT JOIN main.dim_date AS published ON fact.published_date_key = published.date_key
WHERE
    ($since::DATE IS NULL OR published.date >= $since::DATE)
    AND (
        len($categories::VARCHAR[]) = 0
        OR list_contains($categories::VARCHAR[], category.code)
    );
