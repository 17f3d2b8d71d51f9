-- All labels of one article by the serving classifier, best first.
SELECT
    category.code AS category,
    score.score,
    score.is_primary,
    score.is_assigned,
    score.weight,
    classifier.name || ' ' || classifier.version AS classifier
FROM main.fact_classification AS score
INNER JOIN main.dim_category AS category USING (category_key)
INNER JOIN main.dim_classifier AS classifier USING (classifier_key)
INNER JOIN ops.serving_classifier USING (classifier_key)
WHERE score.article_key = $article_key
ORDER BY score.score DESC, category.code ASC;
