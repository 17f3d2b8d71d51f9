-- Grain: counted claims in distinct articles: who says how many, of what, where, in which
-- words. Claims that contradict each other stand side by side.
CREATE OR REPLACE VIEW main.claim AS
SELECT
    quantity.article_key,
    article.title,
    article.category,
    article.source,
    article.published_date,
    article.story_key,
    quantity.quantity_type,
    quantity.value_low,
    quantity.value_high,
    quantity.is_approximate,
    quantity.unit,
    quantity.currency,
    quantity.is_negated,
    quantity.speaker,
    CASE WHEN quantity.place_key <> 0 THEN place.name END AS place,
    place.country_iso2,
    place.country,
    place.latitude,
    place.longitude,
    quantity.exact,
    document.file_name,
    quantity.char_start,
    quantity.char_end,
    quantity.speaker_start,
    quantity.speaker_end,
    article.url
FROM main.fact_quantity AS quantity
INNER JOIN main.article AS article USING (article_key)
INNER JOIN main.dim_place AS place ON quantity.place_key = place.place_key
INNER JOIN ops.document AS document
    ON quantity.document_key = document.document_key;
COMMENT ON VIEW main.claim IS
    'Counted claims in distinct articles: who says how many, of what, where, in which '
    'words. Claims that contradict each other stand side by side.';
COMMENT ON COLUMN main.claim.article_key IS 'Article.';
COMMENT ON COLUMN main.claim.title IS 'Its headline.';
COMMENT ON COLUMN main.claim.category IS 'Its primary label.';
COMMENT ON COLUMN main.claim.source IS 'Its publisher.';
COMMENT ON COLUMN main.claim.published_date IS 'Its most likely day of publication.';
COMMENT ON COLUMN main.claim.story_key IS
    'Story that the article belongs to, see view story.';
COMMENT ON COLUMN main.claim.quantity_type IS
    'killed, injured, detained, missing, displaced, evacuated, troops, protesters, '
    'money, power, energy, oil, gas, other.';
COMMENT ON COLUMN main.claim.value_low IS
    'Least number that the words allow, null for up to and the like.';
COMMENT ON COLUMN main.claim.value_high IS
    'Greatest number that the words allow, null for at least and the like.';
COMMENT ON COLUMN main.claim.is_approximate IS 'About, nearly, dozens.';
COMMENT ON COLUMN main.claim.unit IS 'Unit of power, energy, oil, gas, or of a price.';
COMMENT ON COLUMN main.claim.currency IS 'ISO 4217, of money alone.';
COMMENT ON COLUMN main.claim.is_negated IS 'It is said that there were none.';
COMMENT ON COLUMN main.claim.speaker IS
    'Who says so; null where the article itself does.';
COMMENT ON COLUMN main.claim.place IS 'Where it is said to be; null: not told.';
COMMENT ON COLUMN main.claim.country_iso2 IS
    'Country of that place, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN main.claim.country IS 'Name of that country.';
COMMENT ON COLUMN main.claim.latitude IS 'Degrees, north positive.';
COMMENT ON COLUMN main.claim.longitude IS 'Degrees, east positive.';
COMMENT ON COLUMN main.claim.exact IS 'The span as it stands in the file.';
COMMENT ON COLUMN main.claim.file_name IS 'File that the span is in.';
COMMENT ON COLUMN main.claim.char_start IS
    'First character of the span in the text of that file.';
COMMENT ON COLUMN main.claim.char_end IS 'End of the span, exclusive.';
COMMENT ON COLUMN main.claim.speaker_start IS
    'First character of the speaker''s name in that text, null for none.';
COMMENT ON COLUMN main.claim.speaker_end IS 'End of that name, exclusive.';
COMMENT ON COLUMN main.claim.url IS 'Address that the article gives.';
