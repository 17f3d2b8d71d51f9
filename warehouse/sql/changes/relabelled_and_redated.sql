-- Articles whose first label or day of publication is another than in the temporary
-- table shown_before, made from the view article_state.
INSERT INTO ops.article_change BY NAME
WITH
changed AS (
    SELECT
        shown.article_key,
        'relabelled' AS change,
        shown.category_key AS category_key_before,
        now_shown.category_key,
        NULL::INTEGER AS published_date_key_before,
        NULL::INTEGER AS published_date_key
    FROM temp.shown_before AS shown
    INNER JOIN ops.article_state AS now_shown USING (article_key)
    WHERE shown.category_key <> now_shown.category_key
    UNION ALL
    SELECT
        shown.article_key,
        'redated' AS change,
        NULL::BIGINT AS category_key_before,
        NULL::BIGINT AS category_key,
        shown.published_date_key AS published_date_key_before,
        now_shown.published_date_key
    FROM temp.shown_before AS shown
    INNER JOIN ops.article_state AS now_shown USING (article_key)
    WHERE shown.published_date_key <> now_shown.published_date_key
)

SELECT
    $run_key::BIGINT AS run_key,
    $ended_at::TIMESTAMP AS changed_at,
    changed.*,
    (SELECT coalesce(max(change_number), 0) FROM ops.article_change)
    + row_number() OVER (ORDER BY changed.article_key, changed.change)
        AS change_number
FROM changed;
