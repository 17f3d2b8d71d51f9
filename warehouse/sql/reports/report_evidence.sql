-- Grain: spans that spoke for or against the primary label of the given articles, with
-- their place in the cleaned title or body beside the one in the file.
WITH
wanted AS (
    SELECT unnest($article_keys)::BIGINT AS article_key
),

printed AS (
    SELECT
        occurrence.article_key, occurrence.document_key,
        occurrence.title_runs, occurrence.body_runs
    FROM main.fact_occurrence AS occurrence
    INNER JOIN main.fact_article AS fact
        ON
            occurrence.article_key = fact.article_key
            AND occurrence.document_key = fact.first_document_key
            AND occurrence.char_start = fact.first_char_start
    WHERE fact.article_key IN (SELECT article_key FROM wanted)
),

runs AS (
    SELECT article_key, document_key, 'title' AS part, unnest(title_runs) AS run
    FROM printed
    UNION ALL
    SELECT article_key, document_key, 'body' AS part, unnest(body_runs) AS run
    FROM printed
)

SELECT
    span.article_key,
    runs.part,
    (runs.run.text_start + (span.char_start - runs.run.char_start))::BIGINT
        AS text_start,
    span.char_start,
    span.char_end,
    span.exact,
    span.contribution
FROM main.fact_evidence AS span
INNER JOIN main.article AS article
    ON span.article_key = article.article_key
INNER JOIN main.dim_category AS category
    ON
        span.category_key = category.category_key
        AND article.category = category.code
LEFT JOIN runs
    ON
        span.article_key = runs.article_key
        AND span.document_key = runs.document_key
        AND span.char_start >= runs.run.char_start
        AND span.char_end <= runs.run.char_start + runs.run.length
WHERE
    span.article_key IN (SELECT article_key FROM wanted)
    AND span.classifier_key = (SELECT classifier_key FROM ops.serving_classifier)
ORDER BY span.article_key, span.char_start, span.char_end;
