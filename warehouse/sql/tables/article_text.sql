-- One row per distinct article: its body, apart from the facts so that exports can
-- leave it out.
CREATE TABLE IF NOT EXISTS main.article_text (
    article_key UBIGINT NOT NULL,
    body VARCHAR NOT NULL USING COMPRESSION zstd
);
COMMENT ON TABLE main.article_text IS
    'One row per distinct article: its body, apart from the facts so that exports can '
    'leave it out.';
COMMENT ON COLUMN main.article_text.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN main.article_text.body IS
    'Cleaned body, paragraphs with one blank line between them.';
