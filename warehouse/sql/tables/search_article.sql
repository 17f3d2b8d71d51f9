-- One row per article in the index of `search`, by the number that postings know it by.
CREATE TABLE IF NOT EXISTS ops.search_article (
    article_number UINTEGER NOT NULL,
    article_key BIGINT NOT NULL,
    title_words UINTEGER NOT NULL,
    word_count UINTEGER NOT NULL,
    document_key BIGINT NOT NULL,
    char_start BIGINT NOT NULL,
    run_key BIGINT NOT NULL
);
COMMENT ON TABLE ops.search_article IS
    'One row per article in the index of search, by the number that postings know it '
    'by; none where the index is turned off, and in a lake.';
COMMENT ON COLUMN ops.search_article.article_number IS
    'Number in this index, from 0; another index may give it to another article.';
COMMENT ON COLUMN ops.search_article.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN ops.search_article.title_words IS
    'Words of the title: those with the first positions.';
COMMENT ON COLUMN ops.search_article.word_count IS 'Words of title and body.';
COMMENT ON COLUMN ops.search_article.document_key IS
    'Document that the text was taken from, dim_document.';
COMMENT ON COLUMN ops.search_article.char_start IS
    'Where the article starts in that document, in characters.';
COMMENT ON COLUMN ops.search_article.run_key IS
    'Run that loaded the row of fact_article whose text was taken.';
