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
-- An article that is now first printed elsewhere reads as it does there.
CREATE OR REPLACE TEMP TABLE moved_article AS
SELECT
    remaining.article_key,
    remaining.smallest.document_key,
    remaining.smallest.char_start
FROM remaining
INNER JOIN main.fact_article AS fact USING (article_key)
WHERE
    (fact.first_document_key, fact.first_char_start)
    <> (remaining.smallest.document_key, remaining.smallest.char_start);
CREATE OR REPLACE TEMP TABLE moved_place AS
SELECT
    segment.rowid AS place,
    seen.title_runs,
    seen.title_gaps,
    seen.title_basis,
    seen.body_runs,
    seen.body_gaps
FROM moved_article
INNER JOIN main.fact_occurrence AS seen
    USING (article_key, document_key, char_start)
INNER JOIN main.document_segment AS segment
    USING (article_key, document_key, char_start);
CREATE OR REPLACE TEMP TABLE moved_text AS
SELECT
    segment.article_key,
    segment.document_key,
    segment.char_start,
    main.assembled(
        segment.text, segment.char_start, moved.title_runs, moved.title_gaps
    ) AS title,
    moved.title_basis,
    length(
        main.assembled(
            segment.text, segment.char_start, moved.body_runs, moved.body_gaps
        )
    ) AS char_count
-- By their places, so that no other text is read.
FROM main.document_segment AS segment
INNER JOIN moved_place AS moved ON segment.rowid = moved.place;
UPDATE main.fact_article
SET
    first_document_key = moved.document_key,
    first_char_start = moved.char_start,
    title = moved.title,
    title_basis = moved.title_basis,
    char_count = moved.char_count
FROM moved_text AS moved
WHERE fact_article.article_key = moved.article_key;
CREATE OR REPLACE TEMP TABLE gone_article AS
SELECT article_key FROM touched_article
ANTI JOIN remaining USING (article_key);
INSERT INTO ops.article_change BY NAME
SELECT
    run.run_key,
    $ended_at::TIMESTAMP AS changed_at,
    gone.article_key,
    'retired' AS change,
    shown.category_key AS category_key_before,
    shown.published_date_key AS published_date_key_before,
    fact.article_id,
    fact.title,
    fact.url,
    (SELECT coalesce(max(change_number), 0) FROM ops.article_change)
    + row_number() OVER (ORDER BY gone.article_key) AS change_number
FROM gone_article AS gone
INNER JOIN main.fact_article AS fact USING (article_key)
INNER JOIN ops.article_state AS shown USING (article_key)
CROSS JOIN staging.dim_run AS run;
DELETE FROM main.fact_article
WHERE article_key IN (FROM gone_article);
DELETE FROM main.fact_classification
WHERE article_key IN (FROM gone_article);
DELETE FROM main.fact_evidence
WHERE article_key IN (FROM gone_article);
DELETE FROM main.fact_mention
WHERE article_key IN (FROM gone_article);
DELETE FROM main.fact_quantity
WHERE article_key IN (FROM gone_article);
DELETE FROM main.bridge_article_author
WHERE article_key IN (FROM gone_article);
