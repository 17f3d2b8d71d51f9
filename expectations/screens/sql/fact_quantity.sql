-- Grain: one article and document that quantity spans were taken from, with its totals.
-- The table right_quote says how many quotes equal their slice.
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
),

occurrence AS (
    SELECT article_key, document_key, char_start, char_end
    FROM staging.fact_occurrence
    UNION
    SELECT seen.article_key, seen.document_key, seen.char_start, seen.char_end
    FROM main.fact_occurrence AS seen
    SEMI JOIN quoted USING (article_key, document_key)
    ANTI JOIN staging.dim_document USING (document_key)
),

at_home AS (
    SELECT span.article_key, span.document_key, count(*) AS quotes
    FROM staging.fact_quantity AS span
    SEMI JOIN occurrence
        ON
            span.article_key = occurrence.article_key
            AND span.document_key = occurrence.document_key
            AND span.char_start >= occurrence.char_start
            AND span.char_end <= occurrence.char_end
            AND coalesce(span.speaker_start >= occurrence.char_start, true)
            AND coalesce(span.speaker_end <= occurrence.char_end, true)
    GROUP BY span.article_key, span.document_key
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
    quoted.quotes - coalesce(at_home.quotes, 0) AS quotes_outside,
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
LEFT JOIN at_home USING (article_key, document_key)
LEFT JOIN right_quote
    ON
        right_quote.table_name = 'fact_quantity'
        AND quoted.article_key = right_quote.article_key
        AND quoted.document_key = right_quote.document_key
