-- Grain: articles that a person labelled, with the newest label of each.
SELECT
    article.article_id AS id,
    article.title,
    article.body AS text,
    category.code AS label,
    article.source,
    label.labelled_by AS corpus,
    article.category AS predicted_category,
    1.0::DOUBLE AS weight
FROM main.fact_human_label AS label
INNER JOIN main.article AS article USING (article_key)
INNER JOIN main.dim_category AS category USING (category_key)
QUALIFY
    row_number() OVER (
        PARTITION BY label.article_key ORDER BY label.labelled_at DESC
    ) = 1
ORDER BY article.article_id;
