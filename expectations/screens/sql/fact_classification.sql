-- Grain: one article and classifier version that this run labelled, with its totals.
WITH
expected AS (
    SELECT article_key, classifier_key FROM staging.fact_article
    UNION
    SELECT article_key, classifier_key FROM staging.fact_classification
),

totals AS (
    SELECT
        article_key,
        classifier_key,
        count(*) AS labels,
        count(*) FILTER (WHERE category_key = 0) AS unclassified,
        count(*) FILTER (
            WHERE is_assigned AND category_key IN (
                SELECT category_key FROM staging.dim_category
                WHERE code = 'other'
                UNION ALL
                SELECT category_key FROM main.dim_category
                WHERE code = 'other'
            )
        ) AS others,
        count(*) FILTER (WHERE is_assigned) AS assigned,
        count(DISTINCT category_key) AS categories,
        count(*) FILTER (WHERE is_primary) AS primary_labels,
        count(*) FILTER (WHERE is_primary AND NOT is_assigned) AS unassigned_primaries,
        sum(weight) AS weight_sum,
        count(*) FILTER (WHERE NOT coalesce(weight BETWEEN 0 AND 1, false))
            AS wrong_weights,
        count(*) FILTER (WHERE NOT coalesce(score BETWEEN 0 AND 1, false))
            AS wrong_scores,
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
                run_key IN (
                    SELECT run_key FROM staging.dim_run
                    UNION ALL
                    SELECT run_key FROM main.dim_run
                ), false
            )
        ) AS unresolved_runs
    FROM staging.fact_classification
    GROUP BY article_key, classifier_key
)

SELECT
    expected.article_key,
    expected.classifier_key,
    CASE WHEN totals.unclassified = 1 THEN null ELSE coalesce(totals.labels, 0) END
        AS labels,
    NOT coalesce(totals.unclassified > 0 AND totals.labels > 1, false)
    AND NOT coalesce(totals.others > 0 AND totals.assigned > 1, false)
        AS is_free_of_contradiction,
    coalesce(totals.labels - totals.categories, 0) AS repeated_labels,
    coalesce(totals.primary_labels, 0) AS primary_labels,
    coalesce(totals.unassigned_primaries, 0) AS unassigned_primaries,
    coalesce(totals.weight_sum, 0) AS weight_sum,
    coalesce(totals.wrong_weights, 0) AS wrong_weights,
    coalesce(totals.wrong_scores, 0) AS wrong_scores,
    coalesce(totals.unresolved_categories, 0) AS unresolved_categories,
    coalesce(totals.unresolved_runs, 0) AS unresolved_runs,
    expected.article_key IN (
        SELECT article_key FROM staging.fact_article
        UNION ALL
        SELECT article_key FROM main.fact_article
    ) AS is_article_resolved,
    expected.classifier_key IN (
        SELECT classifier_key FROM staging.dim_classifier
        UNION ALL
        SELECT classifier_key FROM main.dim_classifier
    ) AS is_classifier_resolved
FROM expected
LEFT JOIN totals USING (article_key, classifier_key)
