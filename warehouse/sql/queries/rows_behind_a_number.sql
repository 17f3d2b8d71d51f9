-- Which code, run, and file produced the rows behind a count? Counts distinct articles.
SELECT
    run.run_id,
    run.version,
    document.transform_version,
    classifier.name || ' ' || classifier.version AS classifier,
    document.file_name,
    document.document_id,
    count(*) AS article_count
FROM fact_article AS fact
INNER JOIN dim_run AS run USING (run_key)
INNER JOIN dim_classifier AS classifier USING (classifier_key)
INNER JOIN dim_document AS document
    ON fact.first_document_key = document.document_key
GROUP BY ALL
ORDER BY article_count DESC, document.document_id ASC
LIMIT 100;
