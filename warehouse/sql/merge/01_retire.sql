-- What the rows of this run replace: documents that are loaded again, and articles
-- whose row is now made from a smaller document or place.
CREATE OR REPLACE TEMP TABLE reloaded_document AS
SELECT document_key FROM staging.chosen_document
WHERE is_reloaded;
CREATE OR REPLACE TEMP TABLE replaced_article AS
SELECT chosen.article_key FROM staging.chosen_article AS chosen
SEMI JOIN staging.fact_article USING (article_key)
WHERE chosen.is_known;
CREATE OR REPLACE TEMP TABLE shown_before AS
SELECT shown.*
FROM ops.article_state AS shown
SEMI JOIN replaced_article USING (article_key);
CREATE OR REPLACE TEMP TABLE touched_article AS
SELECT article_key FROM staging.fact_occurrence
UNION
SELECT seen.article_key
FROM main.fact_occurrence AS seen
SEMI JOIN reloaded_document USING (document_key);
DELETE FROM ops.document
WHERE document_key IN (FROM reloaded_document);
DELETE FROM main.document_segment
WHERE document_key IN (FROM reloaded_document);
DELETE FROM main.fact_occurrence
WHERE document_key IN (FROM reloaded_document);
DELETE FROM main.fact_evidence
WHERE document_key IN (FROM reloaded_document);
DELETE FROM main.fact_evidence
WHERE article_key IN (FROM replaced_article);
DELETE FROM main.fact_mention
WHERE document_key IN (FROM reloaded_document);
DELETE FROM main.fact_mention
WHERE article_key IN (FROM replaced_article);
DELETE FROM main.fact_quantity
WHERE document_key IN (FROM reloaded_document);
DELETE FROM main.fact_quantity
WHERE article_key IN (FROM replaced_article);
DELETE FROM main.fact_classification
WHERE
    article_key IN (FROM replaced_article)
    AND classifier_key IN (SELECT classifier_key FROM staging.fact_article);
DELETE FROM main.fact_article
WHERE article_key IN (FROM replaced_article);
DELETE FROM main.bridge_article_author
WHERE article_key IN (FROM replaced_article);
