-- Grain: articles and categories as one classifier version scored them.
SELECT
    article_key,
    category_key,
    score
FROM main.fact_classification
WHERE classifier_key = $classifier_key;
