-- Who writes most, and about what? Counts distinct articles by primary label.
SELECT author, mode(category) AS main_category, count(*) AS article_count
FROM article
WHERE author IS NOT NULL
GROUP BY author
ORDER BY article_count DESC, author ASC
LIMIT 50;
