-- Grain: one staged source; key 0 is the unknown one.
SELECT
    member.source_key,
    member.source_key = 0 OR trim(member.name) != '' AS is_named,
    known.source_key IS NULL OR known.name = member.name AS is_key_free_of_collision
FROM staging.dim_source AS member
LEFT JOIN main.dim_source AS known USING (source_key)
