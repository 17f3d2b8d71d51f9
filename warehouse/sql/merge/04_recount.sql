-- Articles that this run met again, or that lost an appearance.
CREATE OR REPLACE TEMP TABLE remaining AS
SELECT
    seen.article_key,
    count(*) AS occurrence_count,
    min({
        'document_key': seen.document_key, 'char_start': seen.char_start
    }) AS smallest
FROM main.fact_occurrence AS seen
SEMI JOIN touched_article USING (article_key)
GROUP BY seen.article_key;
UPDATE main.fact_article
SET occurrence_count = remaining.occurrence_count
FROM remaining
WHERE
    fact_article.article_key = remaining.article_key
    AND fact_article.occurrence_count <> remaining.occurrence_count;
-- The text stays: one identity means the same letters and digits.
UPDATE main.fact_article
SET
    first_document_key = remaining.smallest.document_key,
    first_char_start = remaining.smallest.char_start
FROM remaining
WHERE
    fact_article.article_key = remaining.article_key
    AND (fact_article.first_document_key, fact_article.first_char_start)
    <> (remaining.smallest.document_key, remaining.smallest.char_start);
CREATE OR REPLACE TEMP TABLE gone_article AS
SELECT article_key FROM touched_article
ANTI JOIN remaining USING (article_key);
DELETE FROM main.fact_article
WHERE article_key IN (FROM gone_article);
DELETE FROM main.article_text
WHERE article_key IN (FROM gone_article);
DELETE FROM main.fact_classification
WHERE article_key IN (FROM gone_article);
DELETE FROM main.fact_evidence
WHERE article_key IN (FROM gone_article);
