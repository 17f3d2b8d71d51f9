-- Grain: one article that has the words, the best first.
SELECT
    article_key,
    article_id,
    score,
    published_date,
    source,
    category,
    title,
    url,
    file_name,
    matched_words
FROM main.search($words, most := $most);
