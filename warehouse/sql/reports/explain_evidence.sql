-- What spoke for the label of one article, strongest first, then what spoke against it.
SELECT
    category.code AS category,
    evidence.exact,
    evidence.char_start,
    evidence.char_end,
    evidence.contribution
FROM main.fact_evidence AS evidence
INNER JOIN main.dim_category AS category USING (category_key)
INNER JOIN ops.serving_classifier USING (classifier_key)
WHERE evidence.article_key = $article_key
ORDER BY
    evidence.contribution < 0, abs(evidence.contribution) DESC, evidence.char_start;
