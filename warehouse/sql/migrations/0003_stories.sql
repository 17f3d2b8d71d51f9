-- Near-duplicates and stories, and what became of rows in quarantine. Articles that
-- are there already get their stories with the next run that loads something.
CREATE TABLE IF NOT EXISTS ops.article_signature (
    article_key UBIGINT NOT NULL,
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
CREATE TABLE IF NOT EXISTS main.fact_article_pair (
    article_key UBIGINT NOT NULL,
    other_article_key UBIGINT NOT NULL,
    containment FLOAT NOT NULL,
    resemblance FLOAT NOT NULL,
    method_version UTINYINT NOT NULL,
    run_key UBIGINT NOT NULL
);
COMMENT ON TABLE main.fact_article_pair IS
    'One row per pair of near-duplicates: distinct articles that share much of their '
    'text within 14 days. Each article is compared with those next to it in time, so '
    'count members of a story in bridge_article_story, not here.';
COMMENT ON COLUMN main.fact_article_pair.article_key IS
    'Article with the smaller key, fact_article.';
COMMENT ON COLUMN main.fact_article_pair.other_article_key IS
    'The other one, fact_article.';
COMMENT ON COLUMN main.fact_article_pair.containment IS
    'Share of the shorter text that also stands in the longer one, 0-1, counted in '
    'runs of about three words.';
COMMENT ON COLUMN main.fact_article_pair.resemblance IS
    'Share of both texts together that they have in common, 0-1.';
COMMENT ON COLUMN main.fact_article_pair.method_version IS
    'Version of the method that found the pair.';
COMMENT ON COLUMN main.fact_article_pair.run_key IS 'Run that found the pair.';
CREATE TABLE IF NOT EXISTS main.bridge_article_story (
    article_key UBIGINT NOT NULL,
    story_key UBIGINT NOT NULL,
    method_version UTINYINT NOT NULL,
    run_key UBIGINT NOT NULL
);
COMMENT ON TABLE main.bridge_article_story IS
    'One row per distinct article: the story that it belongs to, which may be its own.';
COMMENT ON COLUMN main.bridge_article_story.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN main.bridge_article_story.story_key IS
    'Key of the first article of the story by day of publication, then key; so a '
    'story keeps its key while it grows with time.';
COMMENT ON COLUMN main.bridge_article_story.method_version IS
    'Version of the method that grouped the articles.';
COMMENT ON COLUMN main.bridge_article_story.run_key IS
    'Run that put the article into this story.';
CREATE TABLE IF NOT EXISTS quality.quarantine_event (
    quarantine_key UBIGINT NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    event VARCHAR NOT NULL,
    note VARCHAR,
    run_key UBIGINT NOT NULL
);
COMMENT ON TABLE quality.quarantine_event IS
    'One row per change of a row in quarantine after it was held back.';
COMMENT ON COLUMN quality.quarantine_event.quarantine_key IS 'Row of quarantine.';
COMMENT ON COLUMN quality.quarantine_event.happened_at IS 'When, UTC.';
COMMENT ON COLUMN quality.quarantine_event.event IS
    'accepted (the rules of today take it in), refused (they still do not), missing '
    '(its file is gone), or resolved (a person settled it).';
COMMENT ON COLUMN quality.quarantine_event.note IS 'What was said or found.';
COMMENT ON COLUMN quality.quarantine_event.run_key IS
    'Run that tried it again, dim_run; 0 when a person settled it.';
