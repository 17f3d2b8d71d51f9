-- Grain: categories, most articles first; distinct articles by primary label.
SELECT
    category.code,
    category.label,
    category.definition,
    count(chosen.article_key) AS articles
FROM main.dim_category AS category
LEFT JOIN chosen_article AS chosen ON category.code = chosen.category
GROUP BY ALL
-- Unclassified is told of only where something is.
HAVING category.code <> 'unclassified' OR count(chosen.article_key) > 0
ORDER BY articles DESC, category.code ASC;
