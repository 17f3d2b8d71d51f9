-- One row per distinct article: one title and body, however often it is printed.
CREATE TABLE IF NOT EXISTS main.fact_article (
    article_key BIGINT NOT NULL,
    article_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    source_key BIGINT NOT NULL,
    author_key BIGINT NOT NULL,
    place_key BIGINT NOT NULL,
    category_key BIGINT NOT NULL,
    published_date_key INTEGER NOT NULL,
    event_date_key INTEGER NOT NULL,
    date_basis VARCHAR NOT NULL,
    first_document_key BIGINT NOT NULL,
    first_char_start BIGINT NOT NULL,
    classifier_key BIGINT NOT NULL,
    run_key BIGINT NOT NULL,
    confidence DOUBLE NOT NULL,
    word_count INTEGER NOT NULL,
    char_count INTEGER NOT NULL,
    paragraph_count INTEGER NOT NULL,
    occurrence_count INTEGER NOT NULL,
    is_truncated BOOLEAN NOT NULL,
    language VARCHAR,
    title_basis VARCHAR DEFAULT 'line',
    agency_key BIGINT DEFAULT 0,
    byline VARCHAR,
    url VARCHAR,
    published_from_key INTEGER DEFAULT 0,
    published_to_key INTEGER DEFAULT 0,
    is_date_stated BOOLEAN,
    country_iso2 VARCHAR,
    country VARCHAR,
    dateline VARCHAR
);
COMMENT ON TABLE main.fact_article IS
    'One row per distinct article: one title and body, however often it is printed.';
COMMENT ON COLUMN main.fact_article.article_key IS
    'Key of the article, from article_id.';
COMMENT ON COLUMN main.fact_article.article_id IS
    'SHA-256 of title and body reduced to letters and digits, 64 hex digits.';
COMMENT ON COLUMN main.fact_article.title IS 'Headline, cleaned.';
COMMENT ON COLUMN main.fact_article.source_key IS 'Publisher, dim_source.';
COMMENT ON COLUMN main.fact_article.author_key IS
    'Who wrote it, dim_author; of several the first, see bridge_article_author.';
COMMENT ON COLUMN main.fact_article.place_key IS 'Place of the dateline, dim_place.';
COMMENT ON COLUMN main.fact_article.category_key IS
    'Primary label by classifier_key, dim_category.';
COMMENT ON COLUMN main.fact_article.published_date_key IS
    'Most likely day of publication, dim_date; 0 where none is likely enough (0.7 to '
    'lie within seven days of it).';
COMMENT ON COLUMN main.fact_article.event_date_key IS
    'Day of what is reported, dim_date.';
COMMENT ON COLUMN main.fact_article.date_basis IS
    'How the day of publication was found: record (a field of the record or '
    'database), header (a date line), dateline, text, neighbours (the articles around '
    'it), file_name, unknown.';
COMMENT ON COLUMN main.fact_article.first_document_key IS
    'Document with the smallest key that prints the article; title, body, and spans '
    'are from there.';
COMMENT ON COLUMN main.fact_article.first_char_start IS
    'Where the article starts in that document, in characters.';
COMMENT ON COLUMN main.fact_article.classifier_key IS
    'Classifier version that gave category_key, dim_classifier.';
COMMENT ON COLUMN main.fact_article.run_key IS 'Run that loaded this row.';
COMMENT ON COLUMN main.fact_article.confidence IS 'Score of the primary label, 0-1.';
COMMENT ON COLUMN main.fact_article.word_count IS 'Words of the body.';
COMMENT ON COLUMN main.fact_article.char_count IS 'Characters of the body.';
COMMENT ON COLUMN main.fact_article.paragraph_count IS 'Paragraphs of the body.';
COMMENT ON COLUMN main.fact_article.occurrence_count IS
    'Appearances of the article in all documents.';
COMMENT ON COLUMN main.fact_article.is_truncated IS
    'The text breaks off, such as before Continue reading.';
COMMENT ON COLUMN main.fact_article.language IS 'ISO 639-1, und when too short to say.';
COMMENT ON COLUMN main.fact_article.title_basis IS
    'What the title is: line (a title line of the file), field (a field of the record '
    'or a labelled line), lead (there is none: how the first sentence begins).';
COMMENT ON COLUMN main.fact_article.agency_key IS
    'Agency that the publisher has the text from, dim_source; 0 where none is named or '
    'it is the source itself.';
COMMENT ON COLUMN main.fact_article.byline IS
    'Byline as the article prints it, null for none.';
COMMENT ON COLUMN main.fact_article.url IS
    'Address that its record, a field, or its trailer gives, null for none.';
COMMENT ON COLUMN main.fact_article.published_from_key IS
    'Day before which it was hardly published (80 % bounds), dim_date; 0: unknown.';
COMMENT ON COLUMN main.fact_article.published_to_key IS
    'Day after which it was hardly published (80 % bounds), dim_date; 0: unknown.';
COMMENT ON COLUMN main.fact_article.is_date_stated IS
    'The article itself states the day in full; else it is inferred.';
COMMENT ON COLUMN main.fact_article.dateline IS
    'Place of the dateline as it is printed, without date and agency.';
COMMENT ON COLUMN main.fact_article.country_iso2 IS
    'Country that the article is about, ISO 3166-1 alpha-2; null: none, or not told.';
COMMENT ON COLUMN main.fact_article.country IS 'Name of that country.';
