-- Grain: one article and document that mention spans were taken from, with its totals.
-- What is true of all quotes alike is in the table quote_total.
WITH
quoted AS (
    SELECT
        article_key,
        document_key,
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
    total.wrong_quotes,
    total.quotes_outside,
    total.is_article_resolved,
    total.is_document_resolved
FROM quoted
-- A key that is null is one that resolves to nothing.
INNER JOIN quote_total AS total
    ON
        total.table_name = 'fact_mention'
        AND quoted.article_key IS NOT DISTINCT FROM total.article_key
        AND quoted.document_key IS NOT DISTINCT FROM total.document_key
