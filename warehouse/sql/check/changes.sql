-- Grain: what the feed of changes says of articles and is not so.
WITH
told AS (
    SELECT
        article_key,
        max_by(change = 'retired', change_number) AS is_retired,
        max_by(category_key, change_number) FILTER (
            WHERE change IN ('added', 'relabelled')
        ) AS category_key,
        max_by(published_date_key, change_number) FILTER (
            WHERE change IN ('added', 'redated')
        ) AS published_date_key
    FROM ops.article_change
    GROUP BY article_key
),

wrong AS (
    SELECT count(*) AS articles
    FROM ops.article_state AS shown
    FULL JOIN told ON shown.article_key = told.article_key
    WHERE
        coalesce(told.is_retired, TRUE) <> (shown.article_key IS NULL)
        OR (
            shown.article_key IS NOT NULL
            AND (told.category_key, told.published_date_key)
            IS DISTINCT FROM (shown.category_key, shown.published_date_key)
        )
)

SELECT
    'ops.article_change' AS name,
    format('tells of {} articles what is not so', articles) AS finding
FROM wrong
WHERE articles > 0;
