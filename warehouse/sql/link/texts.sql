-- Texts of the wanted articles, read once.
CREATE OR REPLACE TEMP TABLE wanted_text AS
SELECT wanted.article_key, wanted.char_count, fact.title, article_text.body
FROM wanted_article AS wanted
INNER JOIN staging.fact_article AS fact USING (article_key)
INNER JOIN staging.article_text AS article_text USING (article_key)
UNION ALL
SELECT wanted.article_key, wanted.char_count, fact.title, article_text.body
FROM wanted_article AS wanted
INNER JOIN main.fact_article AS fact USING (article_key)
INNER JOIN main.article_text AS article_text USING (article_key)
ANTI JOIN staging.fact_article USING (article_key);
