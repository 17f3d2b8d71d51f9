-- Grain: the newest distinct articles, newest first, each text cut to $char_limit.
WITH
newest AS (
    SELECT article_key
    FROM chosen_article
    ORDER BY date DESC NULLS LAST, run_key ASC, article_key ASC
    LIMIT $row_limit
)

SELECT
    article.article_key,
    article.title,
    article.category,
    article.confidence,
    article.source,
    article.author,
    article.dateline,
    article.published_date,
    article.published_from,
    article.published_to,
    article.is_date_stated,
    article.date_basis,
    article.file_name,
    article.char_start,
    article.char_end,
    article.word_count,
    article.occurrence_count,
    left(article.body, $char_limit) AS body,
    length(article.body) AS body_chars
FROM main.article AS article
WHERE article.article_key IN (SELECT article_key FROM newest)
ORDER BY
    article.published_date DESC NULLS LAST,
    article.run_key ASC,
    article.article_key ASC;
