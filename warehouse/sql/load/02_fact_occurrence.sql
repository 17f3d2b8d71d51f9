-- Grain: one appearance of an article in a document that is loaded.
INSERT INTO staging.fact_occurrence BY NAME
SELECT
    part.* EXCLUDE (batch_id),
    $run_key::BIGINT AS run_key
FROM part_fact_occurrence AS part
SEMI JOIN staging.chosen_document USING (document_key, batch_id);
