-- Grain: outcomes of the paths that one run found.
SELECT
    outcome,
    count(*) AS paths
FROM quality.path_outcome
WHERE run_key = $run_key
GROUP BY outcome
ORDER BY outcome;
