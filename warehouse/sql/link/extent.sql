-- How much there is to link: articles, those without a story, and whether an article
-- left, or changed its day, basis, source, or method, so that pairs must be looked for everywhere.
SELECT
    count(*) AS article_count,
    count(*) FILTER (WHERE is_new) AS new_count,
    (SELECT count(*) FROM lost_article) > 0
    OR (
        SELECT count(*)
        FROM staging.fact_article AS staged
        INNER JOIN main.fact_article AS known USING (article_key)
        WHERE
            staged.published_date_key <> known.published_date_key
            OR staged.date_basis <> known.date_basis
            OR staged.source_key <> known.source_key
    ) > 0
    OR (
        SELECT count(*) FROM main.fact_article_pair
        WHERE method_version <> $method_version
    ) > 0 AS is_disturbed
FROM linked_article;
