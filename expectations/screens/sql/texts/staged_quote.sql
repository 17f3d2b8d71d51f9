-- Grain: one staged quote; `from_start` and `to_end` hold its speaker as well.
SELECT
    'fact_evidence' AS table_name,
    article_key,
    document_key,
    char_start,
    char_end,
    exact,
    char_start AS from_start,
    char_end AS to_end
FROM staging.fact_evidence
UNION ALL
SELECT
    'fact_mention' AS table_name,
    article_key,
    document_key,
    char_start,
    char_end,
    exact,
    char_start AS from_start,
    char_end AS to_end
FROM staging.fact_mention
UNION ALL
SELECT
    'fact_quantity' AS table_name,
    article_key,
    document_key,
    char_start,
    char_end,
    exact,
    least(char_start, speaker_start) AS from_start,
    greatest(char_end, speaker_end) AS to_end
FROM staging.fact_quantity
