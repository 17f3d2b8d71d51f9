-- One row per byline as printed, several names joined by semicolons; key 0 is the
-- unknown author.
CREATE TABLE IF NOT EXISTS main.dim_author (
    author_key UBIGINT PRIMARY KEY,
    name VARCHAR NOT NULL
);
COMMENT ON TABLE main.dim_author IS
    'One row per byline as printed, several names joined by semicolons; key 0 is the '
    'unknown author.';
COMMENT ON COLUMN main.dim_author.author_key IS 'Key of the byline, from its text.';
COMMENT ON COLUMN main.dim_author.name IS 'The byline.';
