-- Grain: checks of one run, by the table or view that they are of.
WITH
place AS (
    SELECT schema_name, table_name
    FROM duckdb_tables()
    WHERE database_name = current_database()
    UNION ALL
    SELECT schema_name, view_name
    FROM duckdb_views()
    WHERE database_name = current_database()
)

SELECT
    place.schema_name || '.' || place.table_name AS table_name,
    expectation.code AS assertion,
    validation.success,
    validation.severity,
    expectation.description,
    validation.observed AS actual
FROM quality.fact_validation AS validation
INNER JOIN quality.dim_expectation AS expectation USING (expectation_key)
INNER JOIN place ON expectation.table_name = place.table_name
WHERE validation.run_key = $run_key
ORDER BY place.table_name, expectation.code;
