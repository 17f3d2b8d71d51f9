-- Grain: one article to load, with all its appearances counted.
INSERT INTO staging.fact_article BY NAME
WITH
staged AS (
    SELECT article_key, count(*) AS occurrence_count
    FROM staging.fact_occurrence
    GROUP BY article_key
)

SELECT
    part.* EXCLUDE (batch_id),
    staged.occurrence_count + coalesce(seen.occurrence_count, 0) AS occurrence_count,
    chosen.run_key
FROM part_fact_article AS part
INNER JOIN staging.chosen_article AS chosen USING (article_key, batch_id)
INNER JOIN staged USING (article_key)
LEFT JOIN staging.seen_article AS seen USING (article_key);
