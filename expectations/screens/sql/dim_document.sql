-- Grain: one new document: do its spans add up, and is its number of articles usual,
-- and the one that it announces?
WITH
beside AS (
    SELECT
        *,
        lead(char_start)
            OVER (PARTITION BY document_key ORDER BY char_start, char_end)
            AS next_char_start
    FROM staging.fact_occurrence
),

printed AS (
    SELECT
        document_key,
        count(*) AS articles,
        sum(char_end - char_start) AS chars,
        min(char_start) AS first_char,
        max(char_end) AS last_char_end,
        count(*) FILTER (WHERE char_end > next_char_start) AS overlap_count
    FROM beside
    GROUP BY document_key
),

-- What is held back may lie inside of an article or of a larger span.
held AS (
    SELECT
        document_key,
        min(char_start) AS first_char,
        max(char_end) AS last_char_end
    FROM staging.quarantine
    GROUP BY document_key
),

appearance AS (
    SELECT occurrence.document_key, article.source_key
    FROM staging.fact_occurrence AS occurrence
    INNER JOIN staging.fact_article AS article USING (article_key)
),

main_source AS (
    SELECT document_key, mode(source_key) AS source_key
    FROM appearance
    WHERE source_key != 0
    GROUP BY document_key
),

earlier_document AS (
    SELECT
        occurrence.document_key,
        count(*) AS articles,
        mode(article.source_key) AS source_key
    FROM main.fact_occurrence AS occurrence
    INNER JOIN main.fact_article AS article USING (article_key)
    WHERE article.source_key IN (SELECT source_key FROM main_source)
    GROUP BY occurrence.document_key
),

stretched AS (
    SELECT document_key, sum(chars) AS chars
    FROM stretch
    GROUP BY document_key
),

band AS (
    SELECT
        source_key,
        min(articles) / $band_factor::DOUBLE AS fewest,
        max(articles) * $band_factor::DOUBLE AS most
    FROM earlier_document
    GROUP BY source_key
    HAVING count(*) >= $band_min_documents::INTEGER
)

SELECT
    document.document_key,
    document.document_id,
    document.file_name,
    -- Archives and mailboxes hold documents instead.
    CASE
        WHEN coalesce(document.kind != 'container', TRUE)
            THEN coalesce(printed.articles, 0)
    END AS articles,
    document.announced_count,
    regexp_full_match(document.document_id, '[0-9a-f]{64}') AS is_document_id_sha256,
    document.document_key
    = greatest(
        try_cast('0x' || left(document.document_id, 16) AS UBIGINT) // 2, 1
    ) AS is_key_of_document_id,
    document.char_count = coalesce(stretched.chars, 0) AS is_char_count_right,
    document.format IS NOT NULL AS is_format_given,
    document.container_id IS NULL
    OR regexp_full_match(document.container_id, '[0-9a-f]{64}')
    AND document.container_id != document.document_id AS is_container_another,
    coalesce(printed.overlap_count, 0) = 0
    AND coalesce(printed.chars, 0) <= document.char_count
    AND least(printed.first_char, held.first_char, 0) = 0
    AND greatest(printed.last_char_end, held.last_char_end, 0)
    <= document.char_count AS is_every_character_accounted,
    coalesce(
        printed.articles BETWEEN band.fewest AND band.most, TRUE
    ) AS is_article_count_usual
FROM staging.dim_document AS document
LEFT JOIN printed USING (document_key)
LEFT JOIN held USING (document_key)
LEFT JOIN stretched USING (document_key)
LEFT JOIN main_source USING (document_key)
LEFT JOIN band ON main_source.source_key = band.source_key
WHERE document.document_key IS DISTINCT FROM 0
