-- Members that the rows to publish name, and the whole of the reference lists.
INSERT INTO main.dim_author BY NAME
SELECT * FROM staging.dim_author
SEMI JOIN staging.fact_article USING (author_key);
INSERT INTO main.dim_place BY NAME
SELECT * FROM staging.dim_place
SEMI JOIN staging.fact_article USING (place_key);
INSERT INTO main.dim_date BY NAME
SELECT * FROM staging.dim_date
WHERE date_key IN (
    SELECT published_date_key FROM staging.fact_article
    UNION ALL
    SELECT event_date_key FROM staging.fact_article
);
INSERT OR REPLACE INTO main.dim_source BY NAME
SELECT * FROM staging.dim_source
WHERE
    NOT is_inferred
    OR source_key IN (SELECT source_key FROM staging.fact_article);
INSERT OR REPLACE INTO main.dim_category BY NAME
SELECT * FROM staging.dim_category;
INSERT OR REPLACE INTO main.dim_classifier BY NAME
SELECT * FROM staging.dim_classifier;
INSERT OR REPLACE INTO quality.dim_expectation BY NAME
SELECT * FROM staging.dim_expectation
EXCEPT
SELECT * FROM quality.dim_expectation;
UPDATE ops.serving_classifier SET classifier_key = (
    SELECT max(classifier_key) FROM staging.fact_article
)
WHERE
    classifier_key = 0
    AND (SELECT count(*) FROM staging.fact_article) > 0;
