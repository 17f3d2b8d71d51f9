-- Grain: what is claimed in the newest stories that claim something: figure, exact words,
-- speaker, and place, told once however many articles of the story print it.
-- `is_in_conflict`: another claim of the story about as many people, of the same kind and
-- place, cannot be true beside it.
WITH
said AS (
    SELECT
        coalesce(member.story_key, chosen.article_key) AS story_key,
        chosen.article_key,
        chosen.date,
        CASE WHEN chosen.source_key <> 0 THEN source.name END AS source,
        quantity.quantity_type,
        quantity.value_low,
        quantity.value_high,
        quantity.is_approximate,
        quantity.is_negated,
        quantity.unit,
        quantity.currency,
        quantity.speaker,
        CASE WHEN quantity.place_key <> 0 THEN place.name END AS place,
        quantity.exact
    FROM chosen_article AS chosen
    INNER JOIN main.fact_quantity AS quantity
        ON chosen.article_key = quantity.article_key
    INNER JOIN main.dim_place AS place ON quantity.place_key = place.place_key
    INNER JOIN main.dim_source AS source ON chosen.source_key = source.source_key
    LEFT JOIN main.bridge_article_story AS member
        ON chosen.article_key = member.article_key
),

newest AS (
    SELECT
        story_key,
        max(date) AS last_date,
        min(article_key) AS first_key
    FROM said
    GROUP BY story_key
    ORDER BY last_date DESC NULLS LAST, count(*) DESC, story_key ASC
    LIMIT $story_limit
),

claimed AS (
    SELECT
        said.story_key,
        said.quantity_type,
        said.value_low,
        said.value_high,
        said.is_approximate,
        said.is_negated,
        said.unit,
        said.currency,
        said.speaker,
        said.place,
        said.exact,
        min(said.date) AS first_date,
        count(DISTINCT said.article_key) AS articles,
        list_sort(list(DISTINCT said.source) FILTER (WHERE said.source IS NOT NULL))
            AS sources,
        coalesce(said.value_low, 0) AS least,
        coalesce(said.value_high, 'infinity'::DOUBLE) AS most
    FROM said
    INNER JOIN newest USING (story_key)
    GROUP BY
        said.story_key, said.quantity_type, said.value_low, said.value_high,
        said.is_approximate, said.is_negated, said.unit, said.currency,
        said.speaker, said.place, said.exact
),

judged AS (
    SELECT
        *,
        unit = 'person'
        AND (least > min(most) OVER same OR most < max(least) OVER same)
            AS is_in_conflict
    FROM claimed
    WINDOW same AS (PARTITION BY story_key, quantity_type, place)
),

ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY story_key
            ORDER BY
                is_in_conflict DESC, unit = 'person' DESC, quantity_type ASC,
                place ASC NULLS LAST, least ASC, most ASC, speaker ASC, exact ASC
        ) AS rank,
        count(*) OVER (PARTITION BY story_key) AS claims
    FROM judged
)

SELECT
    ranked.*,
    coalesce(first.title, fact.title) AS title,
    newest.last_date
FROM ranked
INNER JOIN newest ON ranked.story_key = newest.story_key
INNER JOIN main.fact_article AS fact ON newest.first_key = fact.article_key
LEFT JOIN main.fact_article AS first ON newest.story_key = first.article_key
WHERE ranked.rank <= $claim_limit
ORDER BY
    newest.last_date DESC NULLS LAST, ranked.claims DESC, ranked.story_key ASC,
    ranked.rank ASC;
