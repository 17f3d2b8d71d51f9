-- Grain: one staged classifier version; key 0 is the unknown one.
SELECT
    member.classifier_key,
    member.classifier_key = 0
    OR regexp_full_match(
        member.weights_sha256, '[0-9a-f]{64}'
    ) AS is_weights_sha256_given,
    member.macro_f1 IS NULL OR member.macro_f1 BETWEEN 0 AND 1 AS is_macro_f1_a_share,
    known.classifier_key IS NULL
    OR known.weights_sha256 = member.weights_sha256 AS is_key_free_of_collision
FROM staging.dim_classifier AS member
LEFT JOIN main.dim_classifier AS known USING (classifier_key)
