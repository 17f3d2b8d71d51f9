-- One row per article and person or desk that wrote it.
CREATE TABLE IF NOT EXISTS main.bridge_article_author (
    article_key BIGINT NOT NULL,
    author_key BIGINT NOT NULL,
    ordinal INTEGER NOT NULL
);
COMMENT ON TABLE main.bridge_article_author IS
    'One row per article and person or desk that wrote it; articles whose author is '
    'unknown have none.';
COMMENT ON COLUMN main.bridge_article_author.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN main.bridge_article_author.author_key IS 'Author, dim_author.';
COMMENT ON COLUMN main.bridge_article_author.ordinal IS
    'Place in the byline, from 1; the first is also fact_article.author_key.';
