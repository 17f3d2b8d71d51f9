-- Grain: one span that spoke for or against a label of an article that is loaded.
INSERT INTO staging.fact_evidence BY NAME
SELECT
    part.* EXCLUDE (batch_id),
    $run_key::BIGINT AS run_key
FROM part_fact_evidence AS part
SEMI JOIN staging.chosen_article USING (article_key, batch_id);
