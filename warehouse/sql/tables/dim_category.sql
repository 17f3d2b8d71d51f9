-- One row per label; key 0 is unclassified: of a language that is not known.
CREATE TABLE IF NOT EXISTS main.dim_category (
    category_key BIGINT PRIMARY KEY,
    code VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    definition VARCHAR,
    iptc_codes VARCHAR[]
);
COMMENT ON TABLE main.dim_category IS
    'One row per label; key 0 is unclassified: of a language that is not known.';
COMMENT ON COLUMN main.dim_category.category_key IS 'Key of the label, from its code.';
COMMENT ON COLUMN main.dim_category.code IS
    'crisis, energy, crime, government, other; unclassified for key 0.';
COMMENT ON COLUMN main.dim_category.label IS 'Name for people.';
COMMENT ON COLUMN main.dim_category.definition IS 'What belongs to it.';
COMMENT ON COLUMN main.dim_category.iptc_codes IS 'IPTC Media Topics that it covers.';
