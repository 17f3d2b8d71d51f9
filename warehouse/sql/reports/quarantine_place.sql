-- The held span in its document, with some characters before and after it.
SELECT
    substr(
        text,
        greatest($char_start - $around, 0) + 1,
        $char_start - greatest($char_start - $around, 0)
    ) AS before,
    substr(text, $char_start + 1, least($char_end - $char_start, $shown)) AS held,
    substr(text, $char_end + 1, $around) AS after
FROM main.dim_document
WHERE document_key = $document_key;
