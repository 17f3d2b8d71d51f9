-- Grain: one article to load, and the one part that its rows are taken from.
-- Its row is made from the smallest document and place of all that print it, so that
-- the order of files and runs decides nothing; a known article is loaded again when a
-- smaller one turns up, or when its document is.
CREATE TABLE staging.chosen_article AS
WITH
candidate AS (
    SELECT
        part.article_key,
        part.article_id,
        min({
            'document_key': part.first_document_key,
            'char_start': part.first_char_start,
            'batch_id': part.batch_id
        }) AS smallest
    FROM part_fact_article AS part
    SEMI JOIN staging.fact_occurrence USING (article_key)
    GROUP BY part.article_key, part.article_id
)

SELECT
    candidate.article_key,
    candidate.smallest.batch_id,
    known.article_key IS NOT NULL AS is_known,
    known.classifier_key,
    coalesce(known.run_key, $run_key::BIGINT) AS run_key
FROM candidate
LEFT JOIN main.fact_article AS known USING (article_key, article_id)
WHERE
    known.article_key IS NULL
    OR (known.first_document_key, known.first_char_start)
    > (candidate.smallest.document_key, candidate.smallest.char_start)
    OR known.first_document_key IN (
        SELECT document_key FROM staging.chosen_document
    );
