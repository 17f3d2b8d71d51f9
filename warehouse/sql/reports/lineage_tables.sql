-- Grain: tables that analysts read, with their columns in order.
SELECT
    told.schema_name || '.' || told.table_name AS name,
    told.comment,
    list(
        {
            'name': held.column_name,
            'type': held.data_type,
            'description': coalesce(held.comment, ''),
            'ordinal_position': held.column_index
        }
        ORDER BY held.column_index
    ) AS fields
FROM duckdb_tables() AS told
INNER JOIN duckdb_columns() AS held
    USING (database_name, schema_name, table_name)
WHERE
    told.database_name = current_database()
    AND told.schema_name = 'main'
    AND NOT told.internal
GROUP BY told.schema_name, told.table_name, told.comment
ORDER BY name;
