-- What share of the news has each category? Counts distinct articles, each split among its labels.
SELECT
    category,
    round(sum(weight), 2) AS article_weight,
    round(100 * sum(weight) / sum(sum(weight)) OVER (), 1) AS share_pct
FROM article_category
GROUP BY category
ORDER BY article_weight DESC;
