-- Grain: one staged place; key 0 is the unknown one.
SELECT
    member.place_key,
    member.place_key = 0 OR trim(member.name) != '' AS is_named,
    known.place_key IS NULL OR known.name = member.name AS is_key_free_of_collision
FROM staging.dim_place AS member
LEFT JOIN main.dim_place AS known USING (place_key)
