-- Grain: one document, and one article, that is loaded; the texts stay in the parts.
-- Inside of a view of staging, main alone would be the schema main of staging.
DROP TABLE staging.dim_document;
CREATE VIEW staging.dim_document AS
SELECT
    part.* EXCLUDE (batch_id)
    REPLACE (
        coalesce(known.file_name, part.file_name) AS file_name,
        coalesce(known.path, part.path) AS path
    ),
    this_run.run_key
FROM part_dim_document AS part
SEMI JOIN staging.chosen_document USING (document_key, batch_id)
LEFT JOIN newsmill.main.dim_document AS known USING (document_key)
CROSS JOIN staging.this_run AS this_run;
DROP TABLE staging.article_text;
CREATE VIEW staging.article_text AS
SELECT part.* EXCLUDE (batch_id)
FROM part_article_text AS part
SEMI JOIN staging.chosen_article USING (article_key, batch_id);
