-- One row per table that Newsmill fills: what the last publication left in it, so that
-- later changes by others are seen. Empty in a lake, which other loads write to.
CREATE TABLE IF NOT EXISTS ops.published_table (
    table_name VARCHAR NOT NULL,
    columns VARCHAR[] NOT NULL,
    row_count BIGINT NOT NULL,
    rows_hash HUGEINT NOT NULL,
    engine_version VARCHAR NOT NULL,
    run_key BIGINT NOT NULL
);
COMMENT ON TABLE ops.published_table IS
    'One row per table that Newsmill fills: what the last publication left in it, so '
    'that later changes by others are seen. Empty in a lake, which other loads write '
    'to.';
COMMENT ON COLUMN ops.published_table.table_name IS 'Schema and name of the table.';
COMMENT ON COLUMN ops.published_table.columns IS 'Columns that were hashed, in order.';
COMMENT ON COLUMN ops.published_table.row_count IS 'Rows.';
COMMENT ON COLUMN ops.published_table.rows_hash IS
    'Sum of the hashes of all rows by DuckDB, whatever their order.';
COMMENT ON COLUMN ops.published_table.engine_version IS
    'Version of DuckDB that hashed them; another one may hash otherwise.';
COMMENT ON COLUMN ops.published_table.run_key IS 'Run that published.';
