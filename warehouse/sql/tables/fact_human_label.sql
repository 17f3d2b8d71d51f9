-- One row per label that a person gave to an article; never written by a run.
CREATE TABLE IF NOT EXISTS main.fact_human_label (
    article_key BIGINT NOT NULL,
    category_key BIGINT NOT NULL,
    labelled_at TIMESTAMP NOT NULL,
    labelled_by VARCHAR NOT NULL,
    note VARCHAR
);
COMMENT ON TABLE main.fact_human_label IS
    'One row per label that a person gave to an article; never written by a run.';
COMMENT ON COLUMN main.fact_human_label.article_key IS 'Article, fact_article.';
COMMENT ON COLUMN main.fact_human_label.category_key IS 'Label, dim_category.';
COMMENT ON COLUMN main.fact_human_label.labelled_at IS 'When, UTC.';
COMMENT ON COLUMN main.fact_human_label.labelled_by IS 'Who.';
COMMENT ON COLUMN main.fact_human_label.note IS 'Why.';
