-- One row per classifier version; key 0 is the unknown classifier.
CREATE TABLE IF NOT EXISTS main.dim_classifier (
    classifier_key BIGINT PRIMARY KEY,
    name VARCHAR NOT NULL,
    version VARCHAR,
    weights_sha256 VARCHAR,
    gold_sha256 VARCHAR,
    macro_f1 DOUBLE,
    languages VARCHAR[],
    lexicon_languages VARCHAR[]
);
COMMENT ON TABLE main.dim_classifier IS
    'One row per classifier version; key 0 is the unknown classifier.';
COMMENT ON COLUMN main.dim_classifier.classifier_key IS
    'Key of the version, from name, version, and weights.';
COMMENT ON COLUMN main.dim_classifier.name IS 'Name of the classifier.';
COMMENT ON COLUMN main.dim_classifier.version IS 'Its version.';
COMMENT ON COLUMN main.dim_classifier.weights_sha256 IS 'SHA-256 of its weights.';
COMMENT ON COLUMN main.dim_classifier.gold_sha256 IS
    'SHA-256 of the labelled articles that it was measured on.';
COMMENT ON COLUMN main.dim_classifier.macro_f1 IS 'Macro F1 on them, 0-1.';
COMMENT ON COLUMN main.dim_classifier.languages IS
    'Languages that it knows, ISO 639-1; articles in others are unclassified.';
COMMENT ON COLUMN main.dim_classifier.lexicon_languages IS
    'Those of them that it knows by a translated lexicon alone.';
