-- Grain: categories, most articles first; distinct articles by primary label.
SELECT
    category.code,
    category.label,
    category.definition,
    count(label.article_key) AS articles
FROM main.dim_category AS category
LEFT JOIN main.article_category AS label
    ON category.code = label.category AND label.is_primary
WHERE category.category_key <> 0
GROUP BY ALL
ORDER BY articles DESC, category.code ASC;
