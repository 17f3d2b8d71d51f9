-- Grain: one staged category; key 0 is the unknown one.
SELECT
    member.category_key,
    member.category_key = 0 OR member.code IN (
        'crisis', 'energy', 'crime', 'government', 'other'
    ) AS is_code_known,
    known.category_key IS NULL OR known.code = member.code AS is_key_free_of_collision
FROM staging.dim_category AS member
LEFT JOIN main.dim_category AS known USING (category_key)
