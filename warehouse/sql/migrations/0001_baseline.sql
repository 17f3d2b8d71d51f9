-- The first schema: tables/ and views/ as they are made in a fresh warehouse, and the
-- unknown member of every dimension.
INSERT INTO main.dim_run (run_key, run_id, status) VALUES (0, 'unknown', 'unknown');
INSERT INTO main.dim_source (source_key, name) VALUES (0, 'unknown');
INSERT INTO main.dim_author (author_key, name) VALUES (0, 'unknown');
INSERT INTO main.dim_place (place_key, name) VALUES (0, 'unknown');
INSERT INTO main.dim_actor (actor_key, name) VALUES (0, 'unknown');
INSERT INTO main.dim_date (date_key) VALUES (0);
INSERT INTO main.dim_category (category_key, code, label)
VALUES (0, 'unclassified', 'Unclassified');
INSERT INTO main.dim_classifier (classifier_key, name) VALUES (0, 'unknown');
INSERT INTO ops.document
(document_key, document_id, file_name, byte_size, char_count, run_key)
VALUES (0, 'unknown', 'unknown', 0, 0, 0);
INSERT INTO quality.dim_expectation (expectation_key, code) VALUES (0, 'unknown');
INSERT INTO ops.serving_classifier (classifier_key) VALUES (0);
