-- Articles that were not there before; what else changed is told by `sql/changes`.
INSERT INTO ops.article_change BY NAME
SELECT
    run.run_key,
    $ended_at::TIMESTAMP AS changed_at,
    added.article_key,
    'added' AS change,
    added.category_key,
    added.published_date_key,
    (SELECT coalesce(max(change_number), 0) FROM ops.article_change)
    + row_number() OVER (ORDER BY added.article_key) AS change_number
FROM ops.article_state AS added
SEMI JOIN staging.fact_article USING (article_key)
ANTI JOIN temp.shown_before USING (article_key)
CROSS JOIN staging.dim_run AS run;
