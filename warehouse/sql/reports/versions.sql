-- Classifier versions, oldest first: how many articles each scored, and which serves.
SELECT
    classifier.classifier_key,
    classifier.name,
    classifier.version,
    classifier.macro_f1,
    classifier.weights_sha256,
    count(DISTINCT score.article_key) AS articles,
    classifier.classifier_key
    = (SELECT classifier_key FROM ops.serving_classifier) AS is_serving
FROM main.dim_classifier AS classifier
LEFT JOIN main.fact_classification AS score USING (classifier_key)
WHERE classifier.classifier_key <> 0
GROUP BY ALL
ORDER BY min(score.run_key), classifier.version;
