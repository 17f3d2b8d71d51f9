-- One row per run, article, and kind of change to what the view article shows of it.
CREATE TABLE IF NOT EXISTS ops.article_change (
    change_number BIGINT NOT NULL,
    run_key BIGINT NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    article_key BIGINT NOT NULL,
    change VARCHAR NOT NULL,
    category_key_before BIGINT,
    category_key BIGINT,
    published_date_key_before INTEGER,
    published_date_key INTEGER,
    article_id VARCHAR,
    title VARCHAR,
    url VARCHAR
);
COMMENT ON TABLE ops.article_change IS
    'One row per run, article, and kind of change to what the view article shows of '
    'it: the macro changes_since reads it.';
COMMENT ON COLUMN ops.article_change.change_number IS
    'From 1, in the order in which they were published.';
COMMENT ON COLUMN ops.article_change.run_key IS 'Run that made the change, dim_run.';
COMMENT ON COLUMN ops.article_change.changed_at IS 'When that run published, UTC.';
COMMENT ON COLUMN ops.article_change.article_key IS
    'Article, fact_article; not there any more once it is retired.';
COMMENT ON COLUMN ops.article_change.change IS
    'added, relabelled (another first label), redated (another day of publication), '
    'or retired (no document prints it any more).';
COMMENT ON COLUMN ops.article_change.category_key_before IS
    'First label before, dim_category; null for added and redated.';
COMMENT ON COLUMN ops.article_change.category_key IS
    'First label since, dim_category; null for redated and retired.';
COMMENT ON COLUMN ops.article_change.published_date_key_before IS
    'Day of publication before, dim_date, 0 is unknown; null for added and relabelled.';
COMMENT ON COLUMN ops.article_change.published_date_key IS
    'Day of publication since, dim_date, 0 is unknown; null for relabelled and '
    'retired.';
COMMENT ON COLUMN ops.article_change.article_id IS
    'SHA-256 of title and body of an article that is retired; else null, and in '
    'fact_article.';
COMMENT ON COLUMN ops.article_change.title IS
    'Headline of an article that is retired; else null.';
COMMENT ON COLUMN ops.article_change.url IS
    'Address of an article that is retired, if it gave one; else null.';
