-- Grain: one article and document that quotes were taken from, with its totals.
-- What is true of all quotes alike is in the table quote_total.
WITH
quoted AS (
    SELECT
        article_key,
        document_key,
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
)

SELECT
    quoted.article_key,
    quoted.document_key,
    quoted.unresolved_categories,
    quoted.unresolved_classifiers,
    quoted.uncounted_contributions,
    total.wrong_quotes,
    total.quotes_outside,
    total.is_article_resolved,
    total.is_document_resolved
FROM quoted
-- A key that is null is one that resolves to nothing.
INNER JOIN quote_total AS total
    ON
        total.table_name = 'fact_evidence'
        AND quoted.article_key IS NOT DISTINCT FROM total.article_key
        AND quoted.document_key IS NOT DISTINCT FROM total.document_key
