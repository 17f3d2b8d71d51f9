-- Grain: counted claims, one row each, with all that tells where they stand.
SELECT
    claim.article_key,
    claim.published_date,
    claim.category,
    claim.quantity_type,
    claim.value_low,
    claim.value_high,
    claim.is_approximate,
    claim.is_negated,
    claim.unit,
    claim.currency,
    claim.speaker,
    claim.place,
    claim.country_iso2,
    claim.country,
    claim.latitude,
    claim.longitude,
    claim.exact,
    claim.char_start,
    claim.char_end,
    claim.speaker_start,
    claim.speaker_end,
    claim.file_name,
    claim.source,
    claim.title,
    claim.url
FROM main.claim AS claim
ORDER BY
    claim.published_date, claim.article_key, claim.char_start;
