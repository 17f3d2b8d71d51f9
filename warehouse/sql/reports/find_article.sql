-- Articles by key, by the start of their id, or by words of their title.
SELECT
    article_key,
    title
FROM main.fact_article
WHERE
    article_key = try_cast($wanted AS BIGINT)
    OR (length($wanted) >= 6 AND starts_with(article_id, lower($wanted)))
    OR contains(lower(title), lower($wanted))
ORDER BY
    article_key IS DISTINCT FROM try_cast($wanted AS BIGINT),
    NOT starts_with(article_id, lower($wanted)),
    title
LIMIT 20;
