-- Grain: one known pair in doubt whose two articles are still near: what it is judged by.
SELECT
    pair.*,
    known.containment
FROM candidate_pair AS pair
INNER JOIN main.fact_article_pair AS known
    ON
        pair.article_key = known.article_key
        AND pair.other_article_key = known.other_article_key
SEMI JOIN doubtful_pair AS doubtful
    ON
        pair.article_key = doubtful.article_key
        AND pair.other_article_key = doubtful.other_article_key
WHERE known.method_version = $method_version;
