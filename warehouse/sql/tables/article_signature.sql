-- One row per distinct article: the sketch by which its near-duplicates are found, so
-- that old texts need not be read again.
CREATE TABLE IF NOT EXISTS ops.article_signature (
    article_key BIGINT NOT NULL,
    method_version UTINYINT NOT NULL,
    sketch UINTEGER[] NOT NULL
);
COMMENT ON TABLE ops.article_signature IS
    'One row per distinct article: the sketch by which its near-duplicates are found, '
    'so that old texts need not be read again.';
COMMENT ON COLUMN ops.article_signature.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN ops.article_signature.method_version IS
    'Version of the method that made it.';
COMMENT ON COLUMN ops.article_signature.sketch IS
    'At most 32 numbers taken from the letters and digits of title and body; none for '
    'an article too short to compare.';
