-- Which labels does one article carry at once? Counts distinct articles.
SELECT
    one.category,
    other.category AS with_category,
    count(*) AS article_count
FROM article_category AS one
INNER JOIN article_category AS other
    ON one.article_key = other.article_key AND one.category < other.category
GROUP BY ALL
ORDER BY article_count DESC, one.category ASC, with_category ASC;
