-- One row per dateline as printed; key 0 is the unknown place.
CREATE TABLE IF NOT EXISTS main.dim_place (
    place_key UBIGINT PRIMARY KEY,
    name VARCHAR NOT NULL
);
COMMENT ON TABLE main.dim_place IS
    'One row per dateline as printed; key 0 is the unknown place.';
COMMENT ON COLUMN main.dim_place.place_key IS 'Key of the dateline, from its text.';
COMMENT ON COLUMN main.dim_place.name IS 'The dateline.';
