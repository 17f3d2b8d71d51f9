-- Grain: one staged author; key 0 is the unknown one.
SELECT
    member.author_key,
    member.author_key = 0 OR trim(member.name) != '' AS is_named,
    known.author_key IS NULL OR known.name = member.name AS is_key_free_of_collision
FROM staging.dim_author AS member
LEFT JOIN main.dim_author AS known USING (author_key)
