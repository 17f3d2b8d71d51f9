-- What places are, the country of an article, and what articles tell of. Until a file is
-- read again, its articles have no mentions, and a place is a dateline as printed.
ALTER TABLE main.dim_place ADD COLUMN IF NOT EXISTS kind VARCHAR;
ALTER TABLE main.dim_place ADD COLUMN IF NOT EXISTS country_iso2 VARCHAR;
ALTER TABLE main.dim_place ADD COLUMN IF NOT EXISTS country VARCHAR;
ALTER TABLE main.dim_place ADD COLUMN IF NOT EXISTS admin1 VARCHAR;
ALTER TABLE main.dim_place ADD COLUMN IF NOT EXISTS latitude DOUBLE;
ALTER TABLE main.dim_place ADD COLUMN IF NOT EXISTS longitude DOUBLE;
ALTER TABLE main.dim_place ADD COLUMN IF NOT EXISTS geonames_id BIGINT;
ALTER TABLE main.dim_place ADD COLUMN IF NOT EXISTS aliases VARCHAR[];
ALTER TABLE main.fact_article ADD COLUMN IF NOT EXISTS country_iso2 VARCHAR;
ALTER TABLE main.fact_article ADD COLUMN IF NOT EXISTS country VARCHAR;
ALTER TABLE main.fact_article ADD COLUMN IF NOT EXISTS dateline VARCHAR;
UPDATE main.fact_article SET dateline = place.name
FROM main.dim_place AS place
WHERE
    fact_article.place_key = place.place_key
    AND fact_article.place_key <> 0;
CREATE TABLE IF NOT EXISTS main.dim_actor (
    actor_key UBIGINT PRIMARY KEY,
    name VARCHAR NOT NULL,
    kind VARCHAR,
    aliases VARCHAR[]
);
INSERT INTO main.dim_actor (actor_key, name)
SELECT 0 AS actor_key, 'unknown' AS name
WHERE NOT EXISTS (FROM main.dim_actor);
