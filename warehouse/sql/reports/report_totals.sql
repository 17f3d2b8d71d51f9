-- Grain: the report, one row: headline figures of the chosen articles, and of the files,
-- runs, and checks of the whole warehouse.
WITH
checks AS (
    SELECT validation.success
    FROM quality.fact_validation AS validation
    INNER JOIN main.dim_run AS run USING (run_key)
    QUALIFY run.started_at = max(run.started_at) OVER ()
),

coverage AS (
    SELECT
        sum(chars_total) AS chars_total,
        sum(chars_in_articles) AS chars_in_articles,
        sum(chars_separator) AS chars_separator,
        sum(chars_quarantined) AS chars_quarantined
    FROM main.document_coverage
)

SELECT
    (SELECT count(*) FROM chosen_article) AS articles,
    (SELECT count(*) FROM main.fact_article) AS articles_held,
    (
        SELECT coalesce(sum(occurrence_count), 0)::BIGINT FROM chosen_article
    ) AS occurrences,
    (
        SELECT count(*) FROM ops.document
        WHERE document_key <> 0 AND kind IS DISTINCT FROM 'container'
    ) AS documents,
    (
        SELECT count(DISTINCT source_key) FROM chosen_article
        WHERE source_key <> 0
    ) AS sources,
    (
        SELECT count(*) FROM main.fact_evidence
        WHERE article_key IN (SELECT article_key FROM chosen_article)
    ) AS quotes,
    (SELECT min(date) FROM chosen_article) AS first_date,
    (SELECT max(date) FROM chosen_article) AS last_date,
    (
        SELECT count(*) FROM chosen_article
        WHERE date IS NULL
    ) AS undated,
    (
        SELECT count(*) FROM quality.quarantine
        WHERE status = 'open'
    ) AS held_back,
    (SELECT count(*) FROM checks) AS checks,
    (
        SELECT count(*) FROM checks
        WHERE success
    ) AS checks_passed,
    (
        SELECT count(*) FROM main.dim_run
        WHERE run_key <> 0
    ) AS runs,
    coalesce(coverage.chars_total, 0)::BIGINT AS chars_total,
    coalesce(coverage.chars_in_articles, 0)::BIGINT AS chars_in_articles,
    coalesce(coverage.chars_separator, 0)::BIGINT AS chars_separator,
    coalesce(coverage.chars_quarantined, 0)::BIGINT AS chars_quarantined,
    classifier.name || ' ' || classifier.version AS classifier,
    classifier.macro_f1,
    (SELECT max(version) FROM ops.schema_migration) AS schema_version
FROM coverage
LEFT JOIN ops.serving_classifier AS serving ON TRUE
LEFT JOIN main.dim_classifier AS classifier
    ON
        serving.classifier_key = classifier.classifier_key
        AND classifier.classifier_key <> 0;
