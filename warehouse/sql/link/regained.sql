-- Of other pairs than those of near articles, only some of their values were counted.
DELETE FROM candidate_pair
WHERE
    article_key NOT IN (FROM near_article)
    OR other_article_key NOT IN (FROM near_article);
-- Known pairs that are candidates again stay.
DELETE FROM staging.retired_pair
WHERE
    (article_key, other_article_key) IN (
        SELECT (pair.article_key, pair.other_article_key)
        FROM candidate_pair AS pair
        INNER JOIN main.fact_article_pair AS known
            USING (article_key, other_article_key)
        WHERE known.method_version = $method_version
    );
