-- Grain: tables and views, schema and name.
SELECT schema_name || '.' || table_name AS name FROM duckdb_tables()
UNION ALL
SELECT schema_name || '.' || view_name AS name FROM duckdb_views()
WHERE NOT internal
ORDER BY name;
