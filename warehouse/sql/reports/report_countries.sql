-- Grain: countries that the chosen articles are about, those of most articles first.
WITH
coded AS (
    SELECT
        country,
        min(country_iso2) AS country_iso2
    FROM main.dim_place
    WHERE country IS NOT NULL
    GROUP BY country
)

SELECT
    fact.country,
    coded.country_iso2,
    count(*) AS articles,
    count(*) FILTER (WHERE chosen.category = 'crisis') AS crisis
FROM chosen_article AS chosen
INNER JOIN main.fact_article AS fact ON chosen.article_key = fact.article_key
LEFT JOIN coded ON fact.country = coded.country
WHERE fact.country IS NOT NULL
GROUP BY fact.country, coded.country_iso2
ORDER BY articles DESC, fact.country ASC;
