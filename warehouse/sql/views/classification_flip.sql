-- Grain: articles and pairs of classifier versions that disagree on the primary label.
-- Counts distinct articles.
CREATE OR REPLACE VIEW main.classification_flip AS
SELECT
    before.article_key,
    fact.title,
    before.classifier_key AS from_classifier_key,
    before_classifier.version AS from_version,
    before_category.code AS from_category,
    after.classifier_key AS to_classifier_key,
    after_classifier.version AS to_version,
    after_category.code AS to_category,
    after.score
FROM main.fact_classification AS before
INNER JOIN main.fact_classification AS after
    ON
        before.article_key = after.article_key
        AND before.classifier_key <> after.classifier_key
        AND before.category_key <> after.category_key
INNER JOIN main.fact_article AS fact ON before.article_key = fact.article_key
INNER JOIN main.dim_classifier AS before_classifier
    ON before.classifier_key = before_classifier.classifier_key
INNER JOIN main.dim_classifier AS after_classifier
    ON after.classifier_key = after_classifier.classifier_key
INNER JOIN main.dim_category AS before_category
    ON before.category_key = before_category.category_key
INNER JOIN main.dim_category AS after_category
    ON after.category_key = after_category.category_key
WHERE before.is_primary AND after.is_primary;
COMMENT ON VIEW main.classification_flip IS
    'Articles and pairs of classifier versions that disagree on the primary label. '
    'Counts distinct articles.';
COMMENT ON COLUMN main.classification_flip.article_key IS 'Article.';
COMMENT ON COLUMN main.classification_flip.title IS 'Its headline.';
COMMENT ON COLUMN main.classification_flip.from_classifier_key IS 'One version.';
COMMENT ON COLUMN main.classification_flip.from_version IS 'Its name among versions.';
COMMENT ON COLUMN main.classification_flip.from_category IS 'What it said.';
COMMENT ON COLUMN main.classification_flip.to_classifier_key IS 'Another version.';
COMMENT ON COLUMN main.classification_flip.to_version IS 'Its name among versions.';
COMMENT ON COLUMN main.classification_flip.to_category IS 'What that one says.';
COMMENT ON COLUMN main.classification_flip.score IS 'Score that it gives, 0-1.';
