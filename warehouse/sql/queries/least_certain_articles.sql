-- Which articles should a person look at first? Lists distinct articles, least certain first.
SELECT article_key, title, category, round(confidence, 3) AS confidence, source
FROM article
ORDER BY confidence, article_key
LIMIT 50;
