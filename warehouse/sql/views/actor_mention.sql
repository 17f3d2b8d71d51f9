-- Grain: mentions of persons and organisations in distinct articles, each at its span in
-- the file.
CREATE OR REPLACE VIEW main.actor_mention AS
SELECT
    mention.article_key,
    article.title,
    article.category,
    article.source,
    article.published_date,
    article.story_key,
    actor.name AS actor,
    actor.kind AS actor_kind,
    mention.exact,
    mention.role,
    mention.printed_role,
    mention.score,
    document.file_name,
    mention.char_start,
    mention.char_end,
    mention.actor_key
FROM main.fact_mention AS mention
INNER JOIN main.article AS article USING (article_key)
INNER JOIN main.dim_actor AS actor ON mention.actor_key = actor.actor_key
INNER JOIN ops.document AS document
    ON mention.document_key = document.document_key
WHERE mention.kind <> 'place';
COMMENT ON VIEW main.actor_mention IS
    'Mentions of persons and organisations in distinct articles, each at its span in '
    'the file.';
COMMENT ON COLUMN main.actor_mention.article_key IS 'Article.';
COMMENT ON COLUMN main.actor_mention.title IS 'Its headline.';
COMMENT ON COLUMN main.actor_mention.category IS 'Its primary label.';
COMMENT ON COLUMN main.actor_mention.source IS 'Its publisher.';
COMMENT ON COLUMN main.actor_mention.published_date IS
    'Its most likely day of publication.';
COMMENT ON COLUMN main.actor_mention.story_key IS
    'Story that the article belongs to, see view story.';
COMMENT ON COLUMN main.actor_mention.actor IS
    'Usual English name, or the fullest printed.';
COMMENT ON COLUMN main.actor_mention.actor_kind IS 'person or organisation.';
COMMENT ON COLUMN main.actor_mention.exact IS 'The span as it stands in the file.';
COMMENT ON COLUMN main.actor_mention.role IS 'Where it stands: title, dateline, text.';
COMMENT ON COLUMN main.actor_mention.printed_role IS
    'Title or function that stands beside a person.';
COMMENT ON COLUMN main.actor_mention.score IS
    'How sure it is that the span names this member, 0-1.';
COMMENT ON COLUMN main.actor_mention.file_name IS 'File that the span is in.';
COMMENT ON COLUMN main.actor_mention.char_start IS
    'First character of the span in the text of that file.';
COMMENT ON COLUMN main.actor_mention.char_end IS 'End of the span, exclusive.';
COMMENT ON COLUMN main.actor_mention.actor_key IS 'Person or organisation, dim_actor.';
