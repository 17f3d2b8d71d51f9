-- Grain: one label of an article that is loaded; a label made again is not a new one.
INSERT INTO staging.fact_classification BY NAME
SELECT
    part.* EXCLUDE (batch_id),
    CASE
        WHEN chosen.classifier_key = part.classifier_key THEN chosen.run_key
        ELSE $run_key::BIGINT
    END AS run_key
FROM part_fact_classification AS part
INNER JOIN staging.chosen_article AS chosen USING (article_key, batch_id);
