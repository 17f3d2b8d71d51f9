-- One row per mention of a place, person, or organisation at its span.
CREATE TABLE IF NOT EXISTS main.fact_mention (
    article_key BIGINT NOT NULL,
    document_key BIGINT NOT NULL,
    char_start BIGINT NOT NULL,
    char_end BIGINT NOT NULL,
    exact VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    place_key BIGINT NOT NULL,
    actor_key BIGINT NOT NULL,
    role VARCHAR NOT NULL,
    printed_role VARCHAR,
    is_metonym BOOLEAN NOT NULL,
    score FLOAT NOT NULL,
    run_key BIGINT NOT NULL
);
COMMENT ON TABLE main.fact_mention IS
    'One row per mention of a place, person, or organisation at its span.';
COMMENT ON COLUMN main.fact_mention.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN main.fact_mention.document_key IS
    'Document that the span is in, dim_document.';
COMMENT ON COLUMN main.fact_mention.char_start IS
    'First character of the span, counted from 0 in dim_document.text.';
COMMENT ON COLUMN main.fact_mention.char_end IS 'End of the span, exclusive.';
COMMENT ON COLUMN main.fact_mention.exact IS 'The span as it stands in the document.';
COMMENT ON COLUMN main.fact_mention.kind IS 'place, person, organisation.';
COMMENT ON COLUMN main.fact_mention.place_key IS
    'Place, dim_place; 0 for persons and organisations.';
COMMENT ON COLUMN main.fact_mention.actor_key IS
    'Person or organisation, dim_actor; 0 for places.';
COMMENT ON COLUMN main.fact_mention.role IS
    'Where it stands: title, dateline, text.';
COMMENT ON COLUMN main.fact_mention.printed_role IS
    'Title or function that stands beside a person, null for none.';
COMMENT ON COLUMN main.fact_mention.is_metonym IS
    'The place stands for its government, army, or team.';
COMMENT ON COLUMN main.fact_mention.score IS
    'How sure it is that the span names this member, 0-1.';
COMMENT ON COLUMN main.fact_mention.run_key IS 'Run that found it.';
