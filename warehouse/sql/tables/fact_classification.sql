-- One row per article, category, and classifier version; append-only.
CREATE TABLE IF NOT EXISTS main.fact_classification (
    article_key BIGINT NOT NULL,
    category_key BIGINT NOT NULL,
    classifier_key BIGINT NOT NULL,
    score DOUBLE NOT NULL,
    is_primary BOOLEAN NOT NULL,
    is_assigned BOOLEAN NOT NULL,
    weight DOUBLE NOT NULL,
    run_key BIGINT NOT NULL
);
COMMENT ON TABLE main.fact_classification IS
    'One row per article, category, and classifier version; append-only.';
COMMENT ON COLUMN main.fact_classification.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN main.fact_classification.category_key IS 'Label, dim_category.';
COMMENT ON COLUMN main.fact_classification.classifier_key IS
    'Classifier version, dim_classifier.';
COMMENT ON COLUMN main.fact_classification.score IS 'Calibrated probability, 0-1.';
COMMENT ON COLUMN main.fact_classification.is_primary IS
    'The one label that counts when an article may count once.';
COMMENT ON COLUMN main.fact_classification.is_assigned IS
    'The label applies; an article may have several.';
COMMENT ON COLUMN main.fact_classification.weight IS
    'Share of the article, sums to 1 per article and classifier.';
COMMENT ON COLUMN main.fact_classification.run_key IS 'Run that gave the label.';
