-- Grain: one person or desk that wrote an article that is loaded.
INSERT INTO staging.bridge_article_author BY NAME
SELECT part.* EXCLUDE (batch_id)
FROM part_bridge_article_author AS part
SEMI JOIN staging.chosen_article USING (article_key, batch_id);
