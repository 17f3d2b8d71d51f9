-- The boundaries of one run that the splitter was least certain of.
SELECT
    document.file_name,
    occurrence.ordinal,
    round(occurrence.boundary_score, 3) AS boundary_score,
    article.title
FROM main.fact_occurrence AS occurrence
INNER JOIN main.fact_article AS article USING (article_key)
INNER JOIN ops.document AS document USING (document_key)
INNER JOIN main.dim_run AS run ON occurrence.run_key = run.run_key
WHERE run.run_id = $run_id AND occurrence.boundary_score < $score_limit
ORDER BY occurrence.boundary_score, document.file_name, occurrence.ordinal
LIMIT $row_limit;
