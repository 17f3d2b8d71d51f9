-- Grain: categories, most articles first; distinct articles by primary label.
SELECT
    category.code,
    category.label,
    category.definition,
    count(label.article_key) AS articles
FROM main.dim_category AS category
LEFT JOIN main.article_category AS label
    ON category.code = label.category AND label.is_primary
GROUP BY ALL
-- Unclassified is told of only where something is.
HAVING category.code <> 'unclassified' OR count(label.article_key) > 0
ORDER BY articles DESC, category.code ASC;
