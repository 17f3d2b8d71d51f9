-- Grain: the warehouse, one row: its schema version, and how full it is.
SELECT
    (SELECT max(version) FROM ops.schema_migration) AS schema_version,
    (SELECT count(*) FROM main.fact_article) AS articles,
    (
        SELECT count(*) FROM main.dim_run
        WHERE run_key <> 0
    ) AS runs;
