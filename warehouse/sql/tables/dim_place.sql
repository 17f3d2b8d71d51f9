-- One row per place of the world, however it is spelled; key 0 is the unknown place.
CREATE TABLE IF NOT EXISTS main.dim_place (
    place_key BIGINT PRIMARY KEY,
    name VARCHAR NOT NULL,
    kind VARCHAR,
    country_iso2 VARCHAR,
    country VARCHAR,
    admin1 VARCHAR,
    latitude DOUBLE,
    longitude DOUBLE,
    geonames_id BIGINT,
    aliases VARCHAR[]
);
COMMENT ON TABLE main.dim_place IS
    'One row per place of the world, however it is spelled; key 0 is the unknown '
    'place.';
COMMENT ON COLUMN main.dim_place.place_key IS
    'Key of the place, from its GeoNames id, or from what else is known of it.';
COMMENT ON COLUMN main.dim_place.name IS
    'Usual English name; as printed where it could not be told which place it is.';
COMMENT ON COLUMN main.dim_place.kind IS
    'country, region, city, water, mountain, facility, other; null where it could not '
    'be told.';
COMMENT ON COLUMN main.dim_place.country_iso2 IS
    'Country, ISO 3166-1 alpha-2; null for seas, borders, and places not told.';
COMMENT ON COLUMN main.dim_place.country IS 'Name of that country.';
COMMENT ON COLUMN main.dim_place.admin1 IS
    'Largest division of it, such as a province.';
COMMENT ON COLUMN main.dim_place.latitude IS 'Degrees, north positive; null: not told.';
COMMENT ON COLUMN main.dim_place.longitude IS 'Degrees, east positive; null: not told.';
COMMENT ON COLUMN main.dim_place.geonames_id IS 'Id in GeoNames, null where none.';
COMMENT ON COLUMN main.dim_place.aliases IS 'Other names and spellings of it.';
