-- Whether few articles left, all of them new in this run, after pairs were looked for.
SELECT
    (SELECT count(*) FROM failing_article) <= $few_articles
    AND (
        SELECT count(*) FROM main.fact_article
        SEMI JOIN failing_article USING (article_key)
    ) = 0
    AND (
        SELECT count(*) FROM duckdb_tables()
        WHERE temporary AND table_name = 'holder'
    ) = 1 AS is_simple;
