-- Which words speak most for each category? Counts distinct articles that hold them.
SELECT
    category,
    lower(exact) AS words,
    count(DISTINCT article_key) AS article_count,
    round(avg(contribution), 3) AS mean_contribution
FROM evidence
WHERE contribution > 0
GROUP BY category, lower(exact)
QUALIFY
    row_number() OVER (
        PARTITION BY category
        ORDER BY article_count DESC, mean_contribution DESC, words ASC
    ) <= 10
ORDER BY category ASC, article_count DESC, words ASC;
