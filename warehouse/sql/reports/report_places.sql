-- Grain: places that the chosen articles name, those of most articles first. `is_point`
-- tells those that a point on a map can stand for: no countries, no parts of the world.
SELECT
    place.name,
    place.kind,
    place.country,
    place.latitude,
    place.longitude,
    place.kind <> 'country'
    AND (place.kind <> 'region' OR place.country_iso2 IS NOT NULL) AS is_point,
    count(DISTINCT chosen.article_key) AS articles,
    count(DISTINCT chosen.article_key) FILTER (
        WHERE chosen.category = 'crisis'
    ) AS crisis,
    count(*) OVER () AS places
FROM chosen_article AS chosen
INNER JOIN main.fact_mention AS mention
    ON chosen.article_key = mention.article_key
INNER JOIN main.dim_place AS place ON mention.place_key = place.place_key
WHERE mention.kind = 'place' AND place.latitude IS NOT NULL
GROUP BY
    place.place_key, place.name, place.kind, place.country, place.country_iso2,
    place.latitude, place.longitude
ORDER BY articles DESC, place.name ASC, place.place_key ASC
LIMIT $row_limit;
