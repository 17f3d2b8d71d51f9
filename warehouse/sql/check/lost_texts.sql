-- Grain: one document some of whose articles have lost their text, with their number.
SELECT
    coalesce(document.file_name, 'document ' || seen.document_key) AS name,
    format('has {} articles whose text is not there', count(*)) AS finding
FROM main.fact_occurrence AS seen
ANTI JOIN main.document_segment USING (document_key, char_start, article_key)
LEFT JOIN ops.document AS document USING (document_key)
GROUP BY name
ORDER BY name;
