-- One row per publisher; key 0 is the unknown source.
CREATE TABLE IF NOT EXISTS main.dim_source (
    source_key BIGINT PRIMARY KEY,
    name VARCHAR NOT NULL,
    kind VARCHAR,
    aliases VARCHAR[],
    is_inferred BOOLEAN NOT NULL DEFAULT false
);
COMMENT ON TABLE main.dim_source IS
    'One row per publisher; key 0 is the unknown source.';
COMMENT ON COLUMN main.dim_source.source_key IS 'Key of the publisher, from its name.';
COMMENT ON COLUMN main.dim_source.name IS 'Canonical name.';
COMMENT ON COLUMN main.dim_source.kind IS
    'agency, broadcaster, newspaper, ministry, and so on; null when not listed.';
COMMENT ON COLUMN main.dim_source.aliases IS
    'Other spellings that mean this publisher.';
COMMENT ON COLUMN main.dim_source.is_inferred IS
    'The name was read in an article and is not on the reference list.';
