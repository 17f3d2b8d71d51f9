-- Grain: mentions of places in distinct articles, each at its span in the file.
CREATE OR REPLACE VIEW main.place_mention AS
SELECT
    mention.article_key,
    article.title,
    article.category,
    article.source,
    article.published_date,
    article.story_key,
    place.name AS place,
    place.kind AS place_kind,
    place.country_iso2,
    place.country,
    place.admin1,
    place.latitude,
    place.longitude,
    place.geonames_id,
    mention.exact,
    mention.role,
    mention.is_metonym,
    mention.score,
    document.file_name,
    mention.char_start,
    mention.char_end
FROM main.fact_mention AS mention
INNER JOIN main.article AS article USING (article_key)
INNER JOIN main.dim_place AS place ON mention.place_key = place.place_key
INNER JOIN ops.document AS document
    ON mention.document_key = document.document_key
WHERE mention.kind = 'place';
COMMENT ON VIEW main.place_mention IS
    'Mentions of places in distinct articles, each at its span in the file.';
COMMENT ON COLUMN main.place_mention.article_key IS 'Article.';
COMMENT ON COLUMN main.place_mention.title IS 'Its headline.';
COMMENT ON COLUMN main.place_mention.category IS 'Its primary label.';
COMMENT ON COLUMN main.place_mention.source IS 'Its publisher.';
COMMENT ON COLUMN main.place_mention.published_date IS
    'Its most likely day of publication.';
COMMENT ON COLUMN main.place_mention.story_key IS
    'Story that the article belongs to, see view story.';
COMMENT ON COLUMN main.place_mention.place IS 'Usual English name of the place.';
COMMENT ON COLUMN main.place_mention.place_kind IS
    'country, region, city, water, mountain, facility, other; null: not told.';
COMMENT ON COLUMN main.place_mention.country_iso2 IS 'Its country, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN main.place_mention.country IS 'Name of that country.';
COMMENT ON COLUMN main.place_mention.admin1 IS
    'Largest division of the country that the place is in.';
COMMENT ON COLUMN main.place_mention.latitude IS
    'Degrees, north positive; null where it could not be told which place it is.';
COMMENT ON COLUMN main.place_mention.longitude IS
    'Degrees, east positive; null where it could not be told which place it is.';
COMMENT ON COLUMN main.place_mention.geonames_id IS 'Id in GeoNames.';
COMMENT ON COLUMN main.place_mention.exact IS 'The span as it stands in the file.';
COMMENT ON COLUMN main.place_mention.role IS 'Where it stands: title, dateline, text.';
COMMENT ON COLUMN main.place_mention.is_metonym IS
    'The place stands for its government, army, or team.';
COMMENT ON COLUMN main.place_mention.score IS
    'How sure it is that the span names this member, 0-1.';
COMMENT ON COLUMN main.place_mention.file_name IS 'File that the span is in.';
COMMENT ON COLUMN main.place_mention.char_start IS
    'First character of the span in the text of that file.';
COMMENT ON COLUMN main.place_mention.char_end IS 'End of the span, exclusive.';
