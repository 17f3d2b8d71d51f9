-- One row per word and group of articles that were indexed together: where it stands.
CREATE TABLE IF NOT EXISTS ops.search_posting (
    term UBIGINT NOT NULL,
    article_numbers UINTEGER[] NOT NULL,
    positions UINTEGER[] NOT NULL
);
COMMENT ON TABLE ops.search_posting IS
    'One row per word and group of articles that were indexed together: where it '
    'stands. The two lists are of one length.';
COMMENT ON COLUMN ops.search_posting.term IS 'Word without its ending, search_term().';
COMMENT ON COLUMN ops.search_posting.article_numbers IS
    'Article of each place, search_article; one that is not there any more is gone.';
COMMENT ON COLUMN ops.search_posting.positions IS
    'Which word of title and body it is, from 0.';
