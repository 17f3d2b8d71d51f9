-- Grain: one document, one stretch of one, and one article that is loaded; texts stay
-- in the parts.
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
LEFT JOIN newsmill.ops.document AS known USING (document_key)
CROSS JOIN staging.this_run AS this_run;
DROP TABLE staging.document_segment;
CREATE VIEW staging.document_segment AS
SELECT part.* EXCLUDE (batch_id)
FROM part_document_segment AS part
SEMI JOIN staging.chosen_document USING (document_key, batch_id);
CREATE VIEW staging.article_text AS
SELECT
    segment.article_key,
    newsmill.main.assembled(
        segment.text, segment.char_start, seen.body_runs, seen.body_gaps
    ) AS body
FROM staging.document_segment AS segment
INNER JOIN staging.fact_occurrence AS seen
    USING (article_key, document_key, char_start)
INNER JOIN staging.fact_article AS fact
    ON
        segment.article_key = fact.article_key
        AND segment.document_key = fact.first_document_key
        AND segment.char_start = fact.first_char_start;
