-- One row per person or desk that wrote; key 0 is the unknown author.
CREATE TABLE IF NOT EXISTS main.dim_author (
    author_key BIGINT PRIMARY KEY,
    name VARCHAR NOT NULL,
    aliases VARCHAR[]
);
COMMENT ON TABLE main.dim_author IS
    'One row per person or desk that wrote; key 0 is the unknown author.';
COMMENT ON COLUMN main.dim_author.author_key IS 'Key of the author, from the name.';
COMMENT ON COLUMN main.dim_author.name IS
    'Name in reading order, without By, role, place, or agency.';
COMMENT ON COLUMN main.dim_author.aliases IS
    'Other spellings that bylines print: in capitals, surname first, with initials.';
