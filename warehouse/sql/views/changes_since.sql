-- Grain: one run, article, and kind of change after the given run; null: all of them.
-- After a run that is not there: none.
-- Call as: FROM changes_since('<run_id>'). Added, relabelled, redated, or retired.
CREATE OR REPLACE MACRO main.changes_since(since_run_id) AS TABLE
WITH
since AS (
    SELECT coalesce(max(change.change_number), 0) AS change_number
    FROM main.dim_run AS run
    LEFT JOIN ops.article_change AS change
        ON
            run.run_key = change.run_key
            OR change.changed_at <= coalesce(run.ended_at, run.started_at)
    WHERE run.run_id = since_run_id
    GROUP BY run.run_id
),

retired AS (
    SELECT
        article_key,
        max_by(article_id, change_number) AS article_id,
        max_by(title, change_number) AS title,
        max_by(url, change_number) AS url
    FROM ops.article_change
    WHERE change = 'retired'
    GROUP BY article_key
)

SELECT
    change.change_number,
    run.run_id,
    change.changed_at,
    change.change,
    change.article_key,
    coalesce(fact.article_id, retired.article_id) AS article_id,
    coalesce(fact.title, retired.title) AS title,
    coalesce(fact.url, retired.url) AS url,
    label_before.code AS category_before,
    label.code AS category,
    -- Not from dim_date, which forgets days that no article has any more.
    try_strptime(change.published_date_key_before::VARCHAR, '%Y%m%d')::DATE
        AS published_date_before,
    try_strptime(change.published_date_key::VARCHAR, '%Y%m%d')::DATE AS published_date
FROM ops.article_change AS change
LEFT JOIN main.dim_run AS run ON change.run_key = run.run_key
LEFT JOIN main.fact_article AS fact ON change.article_key = fact.article_key
LEFT JOIN retired ON change.article_key = retired.article_key
LEFT JOIN main.dim_category AS label_before
    ON change.category_key_before = label_before.category_key
LEFT JOIN main.dim_category AS label ON change.category_key = label.category_key
WHERE
    since_run_id IS NULL
    OR change.change_number > (SELECT since.change_number FROM since)
ORDER BY change.change_number;
COMMENT ON MACRO TABLE main.changes_since IS
    'One row per run, article, and kind of change after the given run: added, '
    'relabelled, redated, or retired; null: all of them.';
