-- Grain: one known pair that is none any more: others came between the two, one of them
-- left, or another method found it.
INSERT INTO staging.retired_pair BY NAME
SELECT doubtful_pair.article_key, doubtful_pair.other_article_key
FROM doubtful_pair
ANTI JOIN candidate_pair USING (article_key, other_article_key)
UNION
SELECT known.article_key, known.other_article_key
FROM main.fact_article_pair AS known
WHERE known.method_version <> $method_version;
