-- Grain: articles of one stretch of the list, in its order.
SELECT
    chosen.article_key,
    chosen.category,
    chosen.date AS published_date,
    earliest.date AS published_from,
    latest.date AS published_to,
    fact.is_date_stated,
    fact.date_basis,
    fact.title,
    fact.occurrence_count,
    CASE WHEN fact.source_key <> 0 THEN source.name END AS source
FROM chosen_article AS chosen
INNER JOIN main.fact_article AS fact ON chosen.article_key = fact.article_key
INNER JOIN main.dim_source AS source ON fact.source_key = source.source_key
LEFT JOIN main.dim_date AS earliest ON fact.published_from_key = earliest.date_key
LEFT JOIN main.dim_date AS latest ON fact.published_to_key = latest.date_key
WHERE chosen.place BETWEEN $first_place AND $last_place
ORDER BY chosen.place;
