-- Grain: one member of a dimension that is new, or that changed.
INSERT INTO staging.dim_author BY NAME
SELECT DISTINCT part.* EXCLUDE (part.batch_id)
FROM part_dim_author AS part
ANTI JOIN main.dim_author USING (author_key);
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
