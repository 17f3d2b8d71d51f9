-- Grain: distinct articles: what of them the feed of changes tells.
CREATE OR REPLACE VIEW ops.article_state AS
SELECT
    fact.article_key,
    coalesce(label.category_key, fact.category_key) AS category_key,
    fact.published_date_key
FROM main.fact_article AS fact
LEFT JOIN main.fact_classification AS label
    ON
        fact.article_key = label.article_key
        AND label.is_primary
        AND label.classifier_key = (SELECT classifier_key FROM ops.serving_classifier);
COMMENT ON VIEW ops.article_state IS
    'Distinct articles: what of them the feed of changes tells.';
COMMENT ON COLUMN ops.article_state.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN ops.article_state.category_key IS
    'First label, as the view article shows it, dim_category.';
COMMENT ON COLUMN ops.article_state.published_date_key IS
    'Most likely day of publication, dim_date; 0: unknown.';
