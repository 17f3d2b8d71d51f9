-- Grain: one document whose characters or articles do not fit, with what is wrong.
WITH
beside AS (
    SELECT
        document_key,
        char_start,
        char_end,
        lead(char_start) OVER (
            PARTITION BY document_key ORDER BY char_start, char_end
        ) AS next_char_start
    FROM main.fact_occurrence
),

printed AS (
    SELECT
        document_key,
        min(char_start) AS first_char,
        max(char_end) AS last_char_end,
        count_if(char_end <= char_start) AS empty_count,
        count_if(char_end > next_char_start) AS overlap_count
    FROM beside
    GROUP BY document_key
),

measured AS (
    SELECT
        document_key,
        char_start,
        length(text) AS chars
    FROM main.document_segment
),

laid AS (
    SELECT
        document_key,
        char_start,
        chars,
        lead(char_start) OVER (
            PARTITION BY document_key ORDER BY char_start
        ) AS next_char_start
    FROM measured
),

whole AS (
    SELECT
        document_key,
        sum(chars)::BIGINT AS chars,
        min(char_start) != 0
        OR count_if(char_start + chars != next_char_start) > 0 AS is_broken
    FROM laid
    GROUP BY document_key
),

named AS (
    SELECT document_key FROM ops.document
    UNION
    SELECT document_key FROM printed
    UNION
    SELECT document_key FROM whole
)

SELECT
    coalesce(document.file_name, 'document ' || named.document_key) AS name,
    CASE
        WHEN document.document_key IS NULL THEN 'has spans but is not there'
        WHEN document.char_count != coalesce(whole.chars, 0)
            THEN format(
                'counts {} characters, has {}',
                document.char_count,
                coalesce(whole.chars, 0)
            )
        WHEN whole.is_broken THEN 'has stretches that do not follow each other'
        WHEN printed.overlap_count > 0 THEN 'has articles that overlap'
        WHEN printed.empty_count > 0 THEN 'has an article without characters'
        WHEN printed.first_char < 0 OR printed.last_char_end > document.char_count
            THEN 'has an article that reaches outside of it'
    END AS finding
FROM named
LEFT JOIN ops.document AS document USING (document_key)
LEFT JOIN printed USING (document_key)
LEFT JOIN whole USING (document_key)
WHERE named.document_key != 0 AND finding IS NOT NULL
ORDER BY ALL;
