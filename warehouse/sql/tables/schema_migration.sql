-- One row per migration that made this warehouse what it is.
CREATE TABLE IF NOT EXISTS ops.schema_migration (
    version INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE ops.schema_migration IS
    'One row per migration that made this warehouse what it is.';
COMMENT ON COLUMN ops.schema_migration.version IS 'Number of the migration.';
COMMENT ON COLUMN ops.schema_migration.name IS 'What it does.';
COMMENT ON COLUMN ops.schema_migration.applied_at IS 'When, UTC.';
