-- Grain: assigned labels of distinct articles by the serving classifier. Sum weight to
-- count each article once.
CREATE OR REPLACE VIEW main.article_category AS
SELECT
    label.article_key,
    fact.title,
    category.code AS category,
    label.score,
    label.is_primary,
    label.weight,
    label.classifier_key
FROM main.fact_classification AS label
INNER JOIN main.fact_article AS fact USING (article_key)
INNER JOIN main.dim_category AS category
    ON label.category_key = category.category_key
WHERE
    label.is_assigned
    AND label.classifier_key = (SELECT classifier_key FROM ops.serving_classifier);
COMMENT ON VIEW main.article_category IS
    'Assigned labels of distinct articles by the serving classifier. Sum weight to '
    'count each article once.';
COMMENT ON COLUMN main.article_category.article_key IS 'Article.';
COMMENT ON COLUMN main.article_category.title IS 'Its headline.';
COMMENT ON COLUMN main.article_category.category IS 'Label that applies.';
COMMENT ON COLUMN main.article_category.score IS 'Calibrated probability, 0-1.';
COMMENT ON COLUMN main.article_category.is_primary IS
    'The one label that counts when an article may count once.';
COMMENT ON COLUMN main.article_category.weight IS
    'Share of the article, sums to 1 per article.';
COMMENT ON COLUMN main.article_category.classifier_key IS 'Classifier version.';
