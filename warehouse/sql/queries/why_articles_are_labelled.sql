-- Which words decided the labels of the newest articles, and where are they?
-- Lists spans of distinct articles.
WITH
newest AS (
    SELECT article_key, title, category, published_date
    FROM article
    ORDER BY published_date DESC NULLS LAST, article_key ASC
    LIMIT 50
)

SELECT
    newest.title,
    newest.category,
    evidence.exact,
    round(evidence.contribution, 3) AS contribution,
    evidence.file_name,
    evidence.char_start,
    evidence.char_end
FROM newest
INNER JOIN evidence USING (article_key, category)
WHERE evidence.contribution > 0
ORDER BY newest.published_date DESC, newest.article_key ASC, contribution DESC;
