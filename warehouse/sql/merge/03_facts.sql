-- The rows of this run.
INSERT INTO ops.document BY NAME SELECT * FROM staging.dim_document;
INSERT INTO main.document_segment BY NAME SELECT * FROM staging.document_segment;
INSERT INTO main.fact_article BY NAME SELECT * FROM staging.fact_article;
INSERT INTO main.bridge_article_author BY NAME
SELECT * FROM staging.bridge_article_author;
INSERT INTO main.fact_occurrence BY NAME SELECT * FROM staging.fact_occurrence;
INSERT INTO main.fact_classification BY NAME SELECT * FROM staging.fact_classification;
INSERT INTO main.fact_evidence BY NAME SELECT * FROM staging.fact_evidence;
INSERT INTO main.fact_mention BY NAME SELECT * FROM staging.fact_mention;
INSERT INTO main.fact_quantity BY NAME SELECT * FROM staging.fact_quantity;
INSERT INTO quality.fact_validation BY NAME SELECT * FROM staging.fact_validation;
-- What every run meets again would grow with each: only the newest says it path by path.
DELETE FROM quality.path_outcome
WHERE outcome = 'known';
INSERT INTO quality.path_outcome BY NAME SELECT * FROM staging.path_outcome;
INSERT INTO ops.document_arrival BY NAME
SELECT DISTINCT ON (arrival.document_key, arrival.path) arrival.*
FROM staging.document_arrival AS arrival
SEMI JOIN ops.document USING (document_key)
ANTI JOIN ops.document_arrival USING (document_key, path)
ORDER BY arrival.document_key, arrival.path;
