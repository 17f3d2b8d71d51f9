-- Grain: one article and document that quantity spans were taken from, with its totals.
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
            WHERE NOT coalesce(quantity_type IN (
                'killed', 'injured', 'detained', 'missing', 'displaced',
                'evacuated', 'troops', 'protesters', 'money', 'power', 'energy',
                'oil', 'gas', 'other'
            ), false)
        ) AS unknown_types,
        count(*) FILTER (
            WHERE NOT coalesce(
                coalesce(value_low <= value_high, true)
                AND isfinite(coalesce(value_low, 0))
                AND isfinite(coalesce(value_high, 0))
                AND (value_low IS NOT null OR value_high IS NOT null), false
            )
        ) AS disordered_values,
        count(*) FILTER (
            WHERE NOT coalesce(
                currency IS null
                OR (
                    quantity_type = 'money'
                    AND regexp_full_match(currency, '[A-Z]{3}')
                ), false
            )
        ) AS stray_currencies,
        count(*) FILTER (
            WHERE NOT coalesce(
                (speaker IS null) = (speaker_start IS null)
                AND (speaker IS null) = (speaker_end IS null)
                AND coalesce(speaker_start < speaker_end, true), false
            )
        ) AS speakers_nowhere
    FROM staging.fact_quantity
    GROUP BY article_key, document_key
)

SELECT
    quoted.article_key,
    quoted.document_key,
    quoted.unresolved_places,
    quoted.unknown_types,
    quoted.disordered_values,
    quoted.stray_currencies,
    quoted.speakers_nowhere,
    total.wrong_quotes,
    total.quotes_outside,
    total.is_article_resolved,
    total.is_document_resolved
FROM quoted
-- A key that is null is one that resolves to nothing.
INNER JOIN quote_total AS total
    ON
        total.table_name = 'fact_quantity'
        AND quoted.article_key IS NOT DISTINCT FROM total.article_key
        AND quoted.document_key IS NOT DISTINCT FROM total.document_key
