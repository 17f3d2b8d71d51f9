-- Grain: one member of a dimension that is new, or that changed.
-- Of an author all spellings count that any batch or earlier run has seen, so that the
-- order in which files arrive does not show.
INSERT INTO staging.dim_author BY NAME
WITH
printed AS (
    SELECT author_key, name, aliases FROM part_dim_author
    UNION ALL
    SELECT author_key, name, coalesce(known.aliases, []) AS aliases
    FROM main.dim_author AS known
    SEMI JOIN part_dim_author USING (author_key, name)
)

SELECT
    author_key,
    name,
    list_sort(list_distinct(flatten(list(aliases)))) AS aliases
FROM printed
GROUP BY author_key, name
EXCEPT
SELECT author_key, name, aliases FROM main.dim_author;
INSERT INTO staging.dim_place BY NAME
SELECT
    place_key, name, kind, country_iso2, country, admin1, latitude, longitude,
    geonames_id, aliases
FROM part_dim_place
EXCEPT
SELECT
    place_key, name, kind, country_iso2, country, admin1, latitude, longitude,
    geonames_id, aliases
FROM main.dim_place;
INSERT INTO staging.dim_actor BY NAME
SELECT actor_key, name, kind, aliases FROM part_dim_actor
EXCEPT
SELECT actor_key, name, kind, aliases FROM main.dim_actor;
INSERT INTO staging.dim_date BY NAME
SELECT DISTINCT part.* EXCLUDE (part.batch_id)
FROM part_dim_date AS part
ANTI JOIN main.dim_date USING (date_key);
INSERT INTO staging.dim_source BY NAME
SELECT source_key, name, kind, aliases, is_inferred FROM part_dim_source
EXCEPT
SELECT source_key, name, kind, aliases, is_inferred FROM main.dim_source;
INSERT INTO staging.dim_category BY NAME
SELECT category_key, code, label, definition, iptc_codes FROM part_dim_category
EXCEPT
SELECT category_key, code, label, definition, iptc_codes FROM main.dim_category;
INSERT INTO staging.dim_classifier BY NAME
SELECT
    classifier_key, name, version, weights_sha256, gold_sha256, macro_f1,
    languages, lexicon_languages
FROM part_dim_classifier
EXCEPT
SELECT
    classifier_key, name, version, weights_sha256, gold_sha256, macro_f1,
    languages, lexicon_languages
FROM main.dim_classifier;
