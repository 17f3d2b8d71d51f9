-- Grain: one article and document that quotes were taken from, with its totals.
-- The table right_quote says how many quotes equal their slice.
WITH
quoted AS (
    SELECT
        article_key,
        document_key,
        count(*) AS quotes,
        count(*) FILTER (
            WHERE NOT coalesce(
                category_key IN (
                    SELECT category_key FROM staging.dim_category
                    UNION ALL
                    SELECT category_key FROM main.dim_category
                ), false
            )
        ) AS unresolved_categories,
        count(*) FILTER (
            WHERE NOT coalesce(
                classifier_key IN (
                    SELECT classifier_key FROM staging.dim_classifier
                    UNION ALL
                    SELECT classifier_key FROM main.dim_classifier
                ), false
            )
        ) AS unresolved_classifiers,
        count(*) FILTER (WHERE NOT coalesce(isfinite(contribution), false))
            AS uncounted_contributions
    FROM staging.fact_evidence
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
    SELECT evidence.article_key, evidence.document_key, count(*) AS quotes
    FROM staging.fact_evidence AS evidence
    SEMI JOIN occurrence
        ON
            evidence.article_key = occurrence.article_key
            AND evidence.document_key = occurrence.document_key
            AND evidence.char_start >= occurrence.char_start
            AND evidence.char_end <= occurrence.char_end
    GROUP BY evidence.article_key, evidence.document_key
)

SELECT
    quoted.article_key,
    quoted.document_key,
    quoted.unresolved_categories,
    quoted.unresolved_classifiers,
    quoted.uncounted_contributions,
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
        right_quote.table_name = 'fact_evidence'
        AND quoted.article_key = right_quote.article_key
        AND quoted.document_key = right_quote.document_key
