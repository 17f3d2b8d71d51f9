-- Grain: distinct articles, everything readable; unknown is null. Counts articles, not
-- reprints.
CREATE OR REPLACE VIEW main.article AS
WITH
serving_label AS (
    SELECT article_key, classifier_key, category_key, score
    FROM main.fact_classification
    WHERE
        is_primary
        AND classifier_key = (SELECT classifier_key FROM ops.serving_classifier)
),

written AS (
    SELECT
        bridge.article_key,
        string_agg(author.name, '; ' ORDER BY bridge.ordinal) AS names
    FROM main.bridge_article_author AS bridge
    INNER JOIN main.dim_author AS author USING (author_key)
    GROUP BY bridge.article_key
)

SELECT
    fact.article_key,
    fact.article_id,
    fact.title,
    main.assembled(
        segment.text, segment.char_start, occurrence.body_runs, occurrence.body_gaps
    ) AS body,
    category.code AS category,
    coalesce(label.score, fact.confidence) AS confidence,
    CASE WHEN fact.source_key <> 0 THEN source.name END AS source,
    CASE WHEN fact.agency_key <> 0 THEN agency.name END AS agency,
    written.names AS author,
    fact.byline,
    fact.dateline,
    fact.country,
    published.date AS published_date,
    earliest.date AS published_from,
    latest.date AS published_to,
    fact.is_date_stated,
    event.date AS event_date,
    fact.date_basis,
    fact.title_basis,
    document.file_name,
    occurrence.char_start,
    occurrence.char_end,
    fact.word_count,
    fact.occurrence_count,
    fact.is_truncated,
    fact.language,
    fact.url,
    story.story_key,
    coalesce(label.classifier_key, fact.classifier_key) AS classifier_key,
    fact.first_document_key AS document_key,
    fact.run_key
-- The side that is scanned is that of the texts, so that they are read one after
-- another and none is held in memory. Each article has its first appearance there.
FROM main.document_segment AS segment
INNER JOIN main.fact_occurrence AS occurrence
    ON
        segment.article_key = occurrence.article_key
        AND segment.document_key = occurrence.document_key
        AND segment.char_start = occurrence.char_start
INNER JOIN main.fact_article AS fact
    ON
        segment.article_key = fact.article_key
        AND segment.document_key = fact.first_document_key
        AND segment.char_start = fact.first_char_start
LEFT JOIN serving_label AS label ON fact.article_key = label.article_key
LEFT JOIN main.bridge_article_story AS story
    ON fact.article_key = story.article_key
LEFT JOIN main.dim_category AS category
    ON category.category_key = coalesce(label.category_key, fact.category_key)
LEFT JOIN main.dim_source AS source ON fact.source_key = source.source_key
LEFT JOIN main.dim_source AS agency ON fact.agency_key = agency.source_key
LEFT JOIN written ON fact.article_key = written.article_key
LEFT JOIN main.dim_date AS published
    ON fact.published_date_key = published.date_key
LEFT JOIN main.dim_date AS earliest
    ON fact.published_from_key = earliest.date_key
LEFT JOIN main.dim_date AS latest ON fact.published_to_key = latest.date_key
LEFT JOIN main.dim_date AS event ON fact.event_date_key = event.date_key
LEFT JOIN ops.document AS document
    ON fact.first_document_key = document.document_key;
COMMENT ON VIEW main.article IS
    'Distinct articles, everything readable; unknown is null. Counts articles: '
    'sum(occurrence_count) counts reprints too, count(DISTINCT story_key) stories.';
COMMENT ON COLUMN main.article.article_key IS 'Key of the article.';
COMMENT ON COLUMN main.article.article_id IS
    'SHA-256 of title and body reduced to letters and digits.';
COMMENT ON COLUMN main.article.title IS 'Headline.';
COMMENT ON COLUMN main.article.body IS 'Cleaned body.';
COMMENT ON COLUMN main.article.category IS
    'Primary label by the serving classifier; by the one that loaded the article '
    'where the serving one has not seen it.';
COMMENT ON COLUMN main.article.confidence IS 'Score of that label, 0-1.';
COMMENT ON COLUMN main.article.source IS 'Publisher.';
COMMENT ON COLUMN main.article.agency IS
    'Agency that the publisher has the text from.';
COMMENT ON COLUMN main.article.author IS
    'Who wrote it, in reading order, joined by semicolons.';
COMMENT ON COLUMN main.article.byline IS 'Byline as printed.';
COMMENT ON COLUMN main.article.dateline IS 'Place of the dateline, as printed.';
COMMENT ON COLUMN main.article.country IS 'Country that the article is about.';
COMMENT ON COLUMN main.article.published_date IS
    'Most likely day of publication, null where none is likely enough.';
COMMENT ON COLUMN main.article.published_from IS
    'Day before which it was hardly published (80 % bounds).';
COMMENT ON COLUMN main.article.published_to IS
    'Day after which it was hardly published (80 % bounds).';
COMMENT ON COLUMN main.article.is_date_stated IS
    'The article itself states the day in full; else it is inferred.';
COMMENT ON COLUMN main.article.event_date IS 'Day of what is reported.';
COMMENT ON COLUMN main.article.date_basis IS 'How the day of publication was found.';
COMMENT ON COLUMN main.article.title_basis IS
    'What the title is: line, field, or lead (how the first sentence begins).';
COMMENT ON COLUMN main.article.file_name IS 'File of the first occurrence.';
COMMENT ON COLUMN main.article.char_start IS
    'Start of the first occurrence in the text of that file.';
COMMENT ON COLUMN main.article.char_end IS 'End of the first occurrence, exclusive.';
COMMENT ON COLUMN main.article.word_count IS 'Words of the body.';
COMMENT ON COLUMN main.article.occurrence_count IS 'Appearances, reprints included.';
COMMENT ON COLUMN main.article.is_truncated IS 'The text breaks off.';
COMMENT ON COLUMN main.article.language IS 'ISO 639-1, und when unknown.';
COMMENT ON COLUMN main.article.url IS 'Address that the article gives.';
COMMENT ON COLUMN main.article.story_key IS
    'Story: the same for a text and its reprints, see view story; null until a run '
    'linked it.';
COMMENT ON COLUMN main.article.classifier_key IS
    'Classifier version that gave the label.';
COMMENT ON COLUMN main.article.document_key IS 'Document of the first occurrence.';
COMMENT ON COLUMN main.article.run_key IS 'Run that loaded the article.';
