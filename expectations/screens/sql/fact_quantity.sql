-- Grain: one article and document that quantity spans were taken from, with its totals.
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
        home_quote.table_name = 'fact_quantity'
        AND quoted.article_key = home_quote.article_key
        AND quoted.document_key = home_quote.document_key
LEFT JOIN right_quote
    ON
        right_quote.table_name = 'fact_quantity'
        AND quoted.article_key = right_quote.article_key
        AND quoted.document_key = right_quote.document_key
