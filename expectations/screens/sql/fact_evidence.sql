-- Grain: one article and document that quotes were taken from, with its totals.
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
        home_quote.table_name = 'fact_evidence'
        AND quoted.article_key = home_quote.article_key
        AND quoted.document_key = home_quote.document_key
LEFT JOIN right_quote
    ON
        right_quote.table_name = 'fact_evidence'
        AND quoted.article_key = right_quote.article_key
        AND quoted.document_key = right_quote.document_key
