-- Grain: the run whose rows are staged.
WITH
document AS (
    SELECT coalesce(sum(char_count), 0) AS chars
    FROM staging.dim_document
),

occurrence AS (
    SELECT coalesce(sum(char_end - char_start), 0) AS chars
    FROM staging.fact_occurrence
)

SELECT
    run.run_key,
    run.run_id,
    run.started_at < $run_date::DATE + 2 AS is_start_plausible,
    coalesce(run.chars_in_articles, 0)
    + coalesce(run.chars_separator, 0)
    + coalesce(run.chars_quarantined, 0)
    = coalesce(run.chars_total, 0) AS is_sum_of_characters_right,
    -- A run that has not counted yet says 0.
    coalesce(run.chars_total, 0) = 0 OR (
        run.chars_total = document.chars
        AND run.chars_in_articles = occurrence.chars
    ) AS is_count_of_characters_right
FROM staging.dim_run AS run
CROSS JOIN document
CROSS JOIN occurrence
WHERE run.run_key IS DISTINCT FROM 0
