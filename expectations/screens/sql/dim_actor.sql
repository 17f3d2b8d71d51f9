-- Grain: one staged person or organisation; key 0 is the unknown one.
SELECT
    member.actor_key,
    member.actor_key = 0 OR trim(member.name) != '' AS is_named,
    member.actor_key = 0 OR member.kind IN ('person', 'organisation') AS is_kind_known,
    known.actor_key IS NULL
    OR (known.name = member.name AND known.kind IS NOT DISTINCT FROM member.kind)
        AS is_key_free_of_collision
FROM staging.dim_actor AS member
LEFT JOIN main.dim_actor AS known USING (actor_key)
