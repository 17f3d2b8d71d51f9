-- Grain: one article with its appearances in main that stay.
CREATE TABLE staging.seen_article AS
WITH
candidate AS (
    SELECT DISTINCT article_key FROM staging.fact_occurrence
)

SELECT
    seen.article_key,
    count(*) AS occurrence_count
FROM main.fact_occurrence AS seen
SEMI JOIN candidate USING (article_key)
ANTI JOIN staging.chosen_document USING (document_key)
GROUP BY seen.article_key;
