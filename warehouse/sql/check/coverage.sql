-- Grain: one document whose characters are not all accounted for.
SELECT
    file_name AS name,
    'has characters that are not accounted for' AS finding
FROM main.document_coverage
WHERE
    chars_in_articles + chars_separator + chars_quarantined != chars_total
    OR least(chars_in_articles, chars_separator, chars_quarantined) < 0
ORDER BY ALL;
