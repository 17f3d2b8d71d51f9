-- What was changed when a text was printed again? Lists pairs of near-duplicates, the
-- earlier one first, with the sentences that only one of them has.

WITH
pair AS (
    SELECT
        article_key,
        other_article_key,
        containment
    FROM fact_article_pair
    ORDER BY containment DESC, article_key ASC, other_article_key ASC
    LIMIT 200
),

ordered AS (
    SELECT
        article_key AS one_key,
        other_article_key AS other_key,
        containment
    FROM pair
    UNION ALL
    SELECT
        other_article_key AS one_key,
        article_key AS other_key,
        containment
    FROM pair
),

sentence AS (
    SELECT
        article_key,
        title,
        source,
        published_date,
        list_filter(
            list_transform(
                string_split_regex(body, '[.!?]["”’)]*\s+|\n+'),
                LAMBDA part: rtrim(trim(part), '.!?"”’)')
            ),
            LAMBDA part: length(part) > 0
        ) AS sentences
    FROM article
    WHERE article_key IN (SELECT one_key FROM ordered)
),

compared AS (
    SELECT
        earlier.published_date AS first_date,
        earlier.source AS first_source,
        earlier.title AS first_title,
        later.published_date AS later_date,
        later.source AS later_source,
        later.title AS later_title,
        round(ordered.containment, 2) AS shared,
        earlier.sentences AS first_sentences,
        later.sentences AS later_sentences,
        earlier.article_key AS first_article_key,
        later.article_key AS later_article_key
    FROM ordered
    INNER JOIN sentence AS earlier ON ordered.one_key = earlier.article_key
    INNER JOIN sentence AS later ON ordered.other_key = later.article_key
    WHERE
        (coalesce(earlier.published_date, 'infinity'::DATE), earlier.article_key)
        < (coalesce(later.published_date, 'infinity'::DATE), later.article_key)
)

SELECT
    first_date,
    first_source,
    first_title,
    later_date,
    later_source,
    later_title,
    shared,
    list_filter(
        first_sentences, LAMBDA part: NOT list_contains(later_sentences, part)
    ) AS left_out,
    list_filter(
        later_sentences, LAMBDA part: NOT list_contains(first_sentences, part)
    ) AS added,
    first_article_key,
    later_article_key
FROM compared
ORDER BY shared DESC, first_date ASC, first_article_key ASC, later_article_key ASC;
