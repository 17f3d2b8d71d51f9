-- Grain: one thing that the index of `search` says of articles and is not so.
WITH
indexed AS (
    SELECT
        search_article.article_number,
        search_article.title_words,
        search_article.word_count,
        fact.article_key
    FROM ops.search_article AS search_article
    LEFT JOIN main.fact_article AS fact
        ON
            search_article.article_key = fact.article_key
            AND search_article.document_key = fact.first_document_key
            AND search_article.char_start = fact.first_char_start
            AND search_article.run_key = fact.run_key
),

place AS (
    SELECT
        unnest(article_numbers) AS article_number,
        unnest(positions) AS position
    FROM ops.search_posting
),

placed AS (
    SELECT
        article_number,
        count(*) AS places,
        max(position) AS last_position
    FROM place
    GROUP BY article_number
),

finding AS (
    SELECT
        (
            SELECT count(*)
            FROM indexed
            WHERE article_key IS NULL OR title_words > word_count
        ) + (SELECT count(*) - count(DISTINCT article_number) FROM indexed) AS unknown,
        (
            SELECT count(*)
            FROM indexed
            LEFT JOIN placed ON indexed.article_number = placed.article_number
            WHERE
                coalesce(placed.places, 0) > indexed.word_count
                OR coalesce(placed.last_position, 0) > indexed.word_count
        ) AS misplaced,
        (
            SELECT count(*)
            FROM ops.search_posting
            WHERE len(article_numbers) != len(positions)
        ) AS uneven
)

SELECT
    'ops.search_article' AS name,
    format('has {} articles that are not as they were published', unknown) AS finding
FROM finding
WHERE unknown > 0
UNION ALL
SELECT
    'ops.search_posting' AS name,
    format('has the words of {} articles in places that they have not', misplaced)
        AS finding
FROM finding
WHERE misplaced > 0
UNION ALL
SELECT
    'ops.search_posting' AS name,
    format('has {} words whose lists are of two lengths', uneven) AS finding
FROM finding
WHERE uneven > 0
ORDER BY ALL;
