-- Grain: one mention or counted claim of an article that is loaded.
INSERT INTO staging.fact_mention BY NAME
SELECT
    part.* EXCLUDE (batch_id),
    $run_key::BIGINT AS run_key
FROM part_fact_mention AS part
SEMI JOIN staging.chosen_article USING (article_key, batch_id);
INSERT INTO staging.fact_quantity BY NAME
SELECT
    part.* EXCLUDE (batch_id),
    $run_key::BIGINT AS run_key
FROM part_fact_quantity AS part
SEMI JOIN staging.chosen_article USING (article_key, batch_id);
