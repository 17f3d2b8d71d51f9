-- What changed from one classifier version to another? Counts distinct articles.
SELECT from_version, to_version, from_category, to_category, count(*) AS article_count
FROM classification_flip
GROUP BY ALL
ORDER BY from_version ASC, to_version ASC, article_count DESC;
