-- Grain: the run whose rows are staged.
WITH
document AS (
    SELECT coalesce(sum(char_count), 0) AS chars
    FROM staging.dim_document
),

occurrence AS (
    SELECT coalesce(sum(char_end - char_start), 0) AS chars
    FROM staging.fact_occurrence
),

outcome AS (
    SELECT
        run_key,
        count(*) AS paths,
        count(*) FILTER (WHERE outcome = 'known') AS known
    FROM staging.path_outcome
    GROUP BY run_key
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
    ) AS is_count_of_characters_right,
    -- Later runs take known paths away; runs of older versions told of none.
    CASE
        WHEN outcome.paths IS NULL THEN run.status <> 'running' OR run.files_in = 0
        ELSE
            outcome.paths - outcome.known = run.files_in - run.documents_known
            AND outcome.known IN (0, run.documents_known)
    END AS is_every_path_accounted
FROM staging.dim_run AS run
CROSS JOIN document
CROSS JOIN occurrence
LEFT JOIN outcome USING (run_key)
WHERE run.run_key IS DISTINCT FROM 0
