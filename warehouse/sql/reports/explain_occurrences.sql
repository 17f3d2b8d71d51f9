-- Every place where one article appears.
SELECT
    document.file_name,
    occurrence.ordinal,
    occurrence.char_start,
    occurrence.char_end,
    occurrence.record_id,
    occurrence.boundary_score
FROM main.fact_occurrence AS occurrence
INNER JOIN ops.document AS document USING (document_key)
WHERE occurrence.article_key = $article_key
ORDER BY document.file_name, occurrence.char_start;
