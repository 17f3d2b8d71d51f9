-- One row per distinct article: the story that it belongs to, which may be its own: one
-- text and its reprints.
CREATE TABLE IF NOT EXISTS main.bridge_article_story (
    article_key BIGINT NOT NULL,
    story_key BIGINT NOT NULL,
    method_version UTINYINT NOT NULL,
    run_key BIGINT NOT NULL
);
COMMENT ON TABLE main.bridge_article_story IS
    'One row per distinct article: the story that it belongs to, which may be its own. '
    'A story is one text and its reprints, edited or cut, not all that was told of an '
    'event.';
COMMENT ON COLUMN main.bridge_article_story.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN main.bridge_article_story.story_key IS
    'Key of the first article of the story by day of publication, then key, undated '
    'ones last; so a story keeps its key while it grows with time.';
COMMENT ON COLUMN main.bridge_article_story.method_version IS
    'Version of the method that grouped the articles.';
COMMENT ON COLUMN main.bridge_article_story.run_key IS
    'Run that put the article into this story.';
