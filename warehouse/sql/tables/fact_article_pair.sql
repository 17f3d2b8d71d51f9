-- One row per pair of near-duplicates: distinct articles that share most of their text,
-- or much of it within 14 days. Each article is compared with those next to it in time.
CREATE TABLE IF NOT EXISTS main.fact_article_pair (
    article_key BIGINT NOT NULL,
    other_article_key BIGINT NOT NULL,
    containment FLOAT NOT NULL,
    resemblance FLOAT NOT NULL,
    method_version UTINYINT NOT NULL,
    run_key BIGINT NOT NULL
);
COMMENT ON TABLE main.fact_article_pair IS
    'One row per pair of near-duplicates: distinct articles of which the longer one '
    'holds 55 % of the shorter one, whenever they were published, or 40 % where both '
    'state days within 14 of each other; what a source prints on four days or more '
    '(articles of no known source together: on eight) is left out of that. Each '
    'article is compared with those next to it in time, so count members of a story in '
    'bridge_article_story, not here.';
COMMENT ON COLUMN main.fact_article_pair.article_key IS
    'Article with the smaller key, fact_article.';
COMMENT ON COLUMN main.fact_article_pair.other_article_key IS
    'The other one, fact_article.';
COMMENT ON COLUMN main.fact_article_pair.containment IS
    'Share of the shorter text that also stands in the longer one, 0-1, counted in '
    'runs of about three words, boilerplate included.';
COMMENT ON COLUMN main.fact_article_pair.resemblance IS
    'Share of both texts together that they have in common, 0-1.';
COMMENT ON COLUMN main.fact_article_pair.method_version IS
    'Version of the method that found the pair.';
COMMENT ON COLUMN main.fact_article_pair.run_key IS 'Run that found the pair.';
