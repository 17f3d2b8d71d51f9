-- Grain: one article to load: the sketch of its text.
INSERT INTO staging.article_signature BY NAME
SELECT part.* EXCLUDE (batch_id)
FROM part_article_signature AS part
SEMI JOIN staging.chosen_article USING (article_key, batch_id);
