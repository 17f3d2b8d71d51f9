-- All pairs of near-duplicates as they will be after this run.
SELECT known.article_key, known.other_article_key, known.containment, known.resemblance
FROM main.fact_article_pair AS known
ANTI JOIN staging.retired_pair USING (article_key, other_article_key)
UNION ALL
SELECT article_key, other_article_key, containment, resemblance
FROM staging.fact_article_pair;
