-- Places, persons, organisations, and counted claims of one article, in the order in
-- which they stand in its file.
SELECT
    mention.char_start,
    mention.char_end,
    mention.exact,
    mention.kind,
    coalesce(nullif(place.name, 'unknown'), actor.name) AS means,
    concat_ws(
        ', ', nullif(mention.role, 'text'), mention.printed_role, place.country
    ) AS detail
FROM main.fact_mention AS mention
INNER JOIN main.dim_place AS place USING (place_key)
INNER JOIN main.dim_actor AS actor ON mention.actor_key = actor.actor_key
WHERE mention.article_key = $article_key
UNION ALL
SELECT
    claim.char_start,
    claim.char_end,
    claim.exact,
    claim.quantity_type AS kind,
    concat_ws(
        ' to ',
        claim.value_low,
        CASE
            WHEN claim.value_high IS DISTINCT FROM claim.value_low
                THEN claim.value_high
        END
    ) AS means,
    concat_ws(
        ', ',
        coalesce(claim.unit, claim.currency),
        'says ' || claim.speaker,
        nullif(place.name, 'unknown')
    ) AS detail
FROM main.fact_quantity AS claim
INNER JOIN main.dim_place AS place USING (place_key)
WHERE claim.article_key = $article_key
ORDER BY char_start, char_end;
