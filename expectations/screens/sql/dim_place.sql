-- Grain: one staged place; key 0 is the unknown one.
SELECT
    member.place_key,
    member.place_key = 0 OR trim(member.name) != '' AS is_named,
    coalesce(
        member.kind IN (
            'country', 'region', 'city', 'water', 'mountain', 'facility', 'other'
        ), true
    ) AS is_kind_known,
    coalesce(
        member.latitude BETWEEN -90 AND 90 AND member.longitude BETWEEN -180 AND 180,
        member.latitude IS null AND member.longitude IS null
    ) AS is_on_the_map,
    coalesce(
        regexp_full_match(member.country_iso2, '[A-Z]{2}'), true
    ) AS is_country_a_code,
    known.place_key IS null
    OR coalesce(known.geonames_id = member.geonames_id, known.name = member.name)
        AS is_key_free_of_collision
FROM staging.dim_place AS member
LEFT JOIN main.dim_place AS known USING (place_key)
