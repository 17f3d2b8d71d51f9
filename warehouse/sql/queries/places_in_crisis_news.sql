-- Which datelines does crisis news come from? Counts distinct articles.
SELECT dateline, count(*) AS article_count, max(published_date) AS last_day
FROM article
WHERE category = 'crisis' AND dateline IS NOT NULL
GROUP BY dateline
ORDER BY article_count DESC, dateline ASC
LIMIT 50;
