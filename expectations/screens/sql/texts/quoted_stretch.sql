-- Grain: one stretch of the documents of group $number, with the quotes that start in it.
-- The quotes come to the texts, so that one pass over the texts is enough. Lists cannot
-- be spilled to disk, so they are made for some documents at a time.
WITH
wanted AS (
    SELECT document_key
    FROM read_document
    WHERE number = $number
),

quoted AS (
    SELECT
        article_key,
        document_key,
        char_start,
        list({
            'table_name': table_name,
            'char_start': quote_start,
            'char_end': quote_end,
            'exact': exact
        }) AS quotes
    FROM quote
    WHERE number = $number
    GROUP BY ALL
),

segment AS (
    SELECT
        staged.document_key,
        staged.char_start,
        staged.article_key,
        staged.text,
        true AS is_staged
    FROM staging.document_segment AS staged
    SEMI JOIN wanted USING (document_key)
    UNION ALL
    SELECT
        known.document_key,
        known.char_start,
        known.article_key,
        known.text,
        false AS is_staged
    FROM main.document_segment AS known
    SEMI JOIN (
        SELECT wanted.document_key
        FROM wanted
        ANTI JOIN staging.dim_document USING (document_key)
    ) AS published USING (document_key)
)

SELECT
    segment.document_key,
    segment.char_start,
    segment.article_key,
    segment.text,
    segment.is_staged,
    quoted.quotes
FROM segment
LEFT JOIN quoted USING (article_key, document_key, char_start)
