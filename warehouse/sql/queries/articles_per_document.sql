-- What is in each file, and what does it say it holds? Counts occurrences, and distinct
-- articles apart.
SELECT
    document.file_name,
    count(*) AS occurrence_count,
    any_value(document.announced_count) AS announced_count,
    count(DISTINCT occurrence.article_key) AS article_count,
    round(min(occurrence.boundary_score), 3) AS least_boundary_score
FROM fact_occurrence AS occurrence
INNER JOIN dim_document AS document USING (document_key)
GROUP BY document.document_key, document.file_name
ORDER BY document.file_name;
