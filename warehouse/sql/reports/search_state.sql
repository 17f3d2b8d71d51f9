-- Grain: one warehouse: its articles, and those of them that search knows.
SELECT
    (SELECT count(*) FROM main.fact_article) AS articles,
    (SELECT count(*) FROM ops.search_article) AS indexed;
