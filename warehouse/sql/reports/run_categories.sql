-- New distinct articles of one run by primary label, most first.
SELECT
    category,
    count(*) AS articles
FROM main.article
WHERE run_key = $run_key
GROUP BY category
ORDER BY articles DESC, category ASC;
