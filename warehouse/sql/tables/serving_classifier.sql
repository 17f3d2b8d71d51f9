-- Exactly one row: the classifier version that the views show; promote and roll back
-- by it.
CREATE TABLE IF NOT EXISTS ops.serving_classifier (
    classifier_key BIGINT NOT NULL
);
COMMENT ON TABLE ops.serving_classifier IS
    'Exactly one row: the classifier version that the views show; promote and roll '
    'back by it.';
COMMENT ON COLUMN ops.serving_classifier.classifier_key IS
    'Classifier version, dim_classifier.';
