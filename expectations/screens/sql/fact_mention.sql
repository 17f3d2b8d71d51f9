-- Grain: one article and document that mention spans were taken from, with its totals.
-- The table right_quote says how many quotes equal their slice, home_quote how many lie
-- in an appearance of their article.
WITH
quoted AS (
    SELECT
        article_key,
        document_key,
        count(*) AS quotes,
        count(*) FILTER (
            WHERE NOT coalesce(
                place_key IN (
                    SELECT place_key FROM staging.dim_place
                    UNION ALL
                    SELECT place_key FROM main.dim_place
                ), false
            )
        ) AS unresolved_places,
        count(*) FILTER (
            WHERE NOT coalesce(
                actor_key IN (
                    SELECT actor_key FROM staging.dim_actor
                    UNION ALL
                    SELECT actor_key FROM main.dim_actor
                ), false
            )
        ) AS unresolved_actors,
        count(*) FILTER (
            WHERE NOT coalesce(kind IN ('place', 'person', 'organisation'), false)
        ) AS unknown_kinds,
        count(*) FILTER (
            WHERE NOT coalesce(role IN ('title', 'dateline', 'text'), false)
        ) AS unknown_roles,
        count(*) FILTER (
            WHERE NOT coalesce(
                (kind = 'place') = (actor_key = 0)
                AND (kind = 'place') = (place_key <> 0), false
            )
        ) AS mentions_of_nothing,
        count(*) FILTER (
            WHERE NOT coalesce(score BETWEEN 0 AND 1, false)
        ) AS scores_out_of_range
    FROM staging.fact_mention
    GROUP BY article_key, document_key
)

SELECT
    quoted.article_key,
    quoted.document_key,
    quoted.unresolved_places,
    quoted.unresolved_actors,
    quoted.unknown_kinds,
    quoted.unknown_roles,
    quoted.mentions_of_nothing,
    quoted.scores_out_of_range,
    quoted.quotes - coalesce(right_quote.quotes, 0) AS wrong_quotes,
    quoted.quotes - coalesce(home_quote.quotes, 0) AS quotes_outside,
    quoted.article_key IN (
        SELECT article_key FROM staging.fact_article
        UNION ALL
        SELECT article_key FROM main.fact_article
    ) AS is_article_resolved,
    quoted.document_key IN (
        SELECT document_key FROM staging.dim_document
        UNION ALL
        SELECT document_key FROM ops.document
    ) AS is_document_resolved
FROM quoted
LEFT JOIN home_quote
    ON
        home_quote.table_name = 'fact_mention'
        AND quoted.article_key = home_quote.article_key
        AND quoted.document_key = home_quote.document_key
LEFT JOIN right_quote
    ON
        right_quote.table_name = 'fact_mention'
        AND quoted.article_key = right_quote.article_key
        AND quoted.document_key = right_quote.document_key
