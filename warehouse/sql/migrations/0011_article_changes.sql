-- What changed in articles, run by run. What a warehouse holds already counts as added
-- by the runs that loaded it; what was before is not known.
CREATE TABLE IF NOT EXISTS ops.article_change (
    change_number BIGINT NOT NULL,
    run_key BIGINT NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    article_key BIGINT NOT NULL,
    change VARCHAR NOT NULL,
    category_key_before BIGINT,
    category_key BIGINT,
    published_date_key_before INTEGER,
    published_date_key INTEGER,
    article_id VARCHAR,
    title VARCHAR,
    url VARCHAR
);
INSERT INTO ops.article_change BY NAME
WITH
published AS (
    SELECT
        fact.article_key,
        fact.run_key,
        coalesce(label.category_key, fact.category_key) AS category_key,
        fact.published_date_key,
        coalesce(run.ended_at, run.started_at, TIMESTAMP '1970-01-01') AS changed_at
    FROM main.fact_article AS fact
    LEFT JOIN main.dim_run AS run ON fact.run_key = run.run_key
    LEFT JOIN main.fact_classification AS label
        ON
            fact.article_key = label.article_key
            AND label.is_primary
            AND label.classifier_key
            = (SELECT classifier_key FROM ops.serving_classifier)
)

SELECT
    row_number() OVER (ORDER BY changed_at, run_key, article_key) AS change_number,
    run_key,
    changed_at,
    article_key,
    'added' AS change,
    category_key,
    published_date_key
FROM published
WHERE NOT EXISTS (FROM ops.article_change);
