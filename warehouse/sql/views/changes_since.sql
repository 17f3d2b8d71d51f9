-- Grain: one article that a run after the given one loaded, met again, or labelled.
-- Call as: FROM changes_since('<run_id>'). Counts distinct articles per run and change.
CREATE OR REPLACE MACRO main.changes_since(since_run_id) AS TABLE
WITH
later_run AS (
    SELECT run.run_key, run.run_id, run.started_at
    FROM main.dim_run AS run
    WHERE
        run.run_key <> 0
        AND (run.started_at, run.run_id) > (
            SELECT (since.started_at, since.run_id)
            FROM main.dim_run AS since
            WHERE since.run_id = since_run_id
        )
),

change AS (
    SELECT article_key, run_key, 'new article' AS change
    FROM main.fact_article
    UNION ALL
    SELECT DISTINCT seen.article_key, seen.run_key, 'seen again' AS change
    FROM main.fact_occurrence AS seen
    INNER JOIN main.fact_article AS fact USING (article_key)
    WHERE seen.run_key <> fact.run_key
    UNION ALL
    SELECT DISTINCT label.article_key, label.run_key, 'new label' AS change
    FROM main.fact_classification AS label
    INNER JOIN main.fact_article AS fact USING (article_key)
    WHERE label.run_key <> fact.run_key
)

SELECT
    later_run.run_id,
    later_run.started_at,
    change.change,
    change.article_key,
    fact.title
FROM change
INNER JOIN later_run USING (run_key)
INNER JOIN main.fact_article AS fact USING (article_key)
ORDER BY later_run.started_at, later_run.run_id, change.change, change.article_key;
COMMENT ON MACRO TABLE main.changes_since IS
    'One row per article that a run after the given one loaded, met again, or labelled';
