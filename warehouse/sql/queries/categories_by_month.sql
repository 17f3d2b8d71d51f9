-- How much was reported per month and category? Counts distinct articles by primary label.
SELECT month, category, article_count, round(article_weight, 1) AS article_weight
FROM category_trend_by_month
WHERE article_count > 0
ORDER BY month, category;
