-- Grain: one new distinct article. Lengths stand for texts; does each key resolve?
WITH
known AS (
    SELECT article.article_key, article.article_id
    FROM main.fact_article AS article
    SEMI JOIN staging.fact_article USING (article_key)
),

known_occurrence AS (
    SELECT article_key FROM staging.fact_occurrence
    UNION ALL
    SELECT seen.article_key
    FROM main.fact_occurrence AS seen
    SEMI JOIN staging.fact_article USING (article_key)
    -- What is staged of a document replaces what main has of it.
    ANTI JOIN staging.dim_document USING (document_key)
),

occurrence AS (
    SELECT article_key, count(*) AS occurrences
    FROM known_occurrence
    GROUP BY article_key
),

primary_label AS (
    SELECT
        article_key,
        classifier_key,
        any_value(category_key) AS category_key
    FROM staging.fact_classification
    WHERE is_primary
    GROUP BY article_key, classifier_key
),

-- Of an inferred publisher, the name; listed ones are publishers whatever they are
-- called.
publisher AS (
    SELECT source_key, any_value(lower(trim(name))) AS name
    FROM (
        SELECT source_key, name, kind FROM staging.dim_source
        UNION ALL
        SELECT source_key, name, kind FROM main.dim_source
    ) AS member
    WHERE kind IS NULL
    GROUP BY source_key
),

writer AS (
    SELECT bridge.article_key, list(lower(author.name)) AS names
    FROM staging.bridge_article_author AS bridge
    INNER JOIN (
        SELECT author_key, name FROM staging.dim_author
        UNION
        SELECT author_key, name FROM main.dim_author
    ) AS author USING (author_key)
    GROUP BY bridge.article_key
),

-- A body is put together from pieces, so their lengths are its own.
first_appearance AS (
    SELECT
        seen.article_key,
        seen.document_key,
        seen.char_start,
        coalesce(list_sum([run.length FOR run IN seen.body_runs]), 0)
        + coalesce(length(array_to_string(seen.body_gaps, '')), 0) AS body_chars,
        len(seen.body_gaps) = len(seen.body_runs) + 1
        AND len(seen.title_gaps) = len(seen.title_runs) + 1 AS is_whole
    FROM staging.fact_occurrence AS seen
)

SELECT
    article.article_key,
    article.article_id,
    article.source_key,
    article.date_basis,
    coalesce(article.title_basis, '') AS title_basis,
    article.word_count,
    regexp_full_match(article.article_id, '[0-9a-f]{64}') AS is_article_id_sha256,
    article.article_key
    = greatest(
        try_cast('0x' || left(article.article_id, 16) AS UBIGINT) // 2, 1
    ) AS is_key_of_article_id,
    known.article_id IS NULL
    OR known.article_id = article.article_id AS is_key_free_of_collision,
    coalesce(length(trim(article.title)), 0) AS title_chars,
    coalesce(
        NOT regexp_matches(
            lower(trim(article.title)),
            '^(?:continue reading|read more(?:$|:)|all rights reserved|'
            || 'copyright ?(?:©|\(c\)|\d{4})|©|\(c\) ?\d{4}|'
            || 'published by |related (?:articles|stories)$|'
            || 'subscribe to our|follow us on)'
        ),
        TRUE
    ) AS is_title_no_trailer,
    coalesce(first_appearance.body_chars, 0) AS body_chars,
    first_appearance.is_whole
    AND first_appearance.body_chars = article.char_count AS is_body_whole,
    article.source_key IN (
        SELECT source_key FROM staging.dim_source
        UNION ALL
        SELECT source_key FROM main.dim_source
    ) AS is_source_resolved,
    article.author_key IN (
        SELECT author_key FROM staging.dim_author
        UNION ALL
        SELECT author_key FROM main.dim_author
    ) AS is_author_resolved,
    coalesce(article.agency_key, 0) IN (
        SELECT source_key FROM staging.dim_source
        UNION ALL
        SELECT source_key FROM main.dim_source
        UNION ALL
        SELECT 0
    ) AS is_agency_resolved,
    publisher.name IS NULL
    OR publisher.name <> lower(trim(article.title)) AS is_source_no_title,
    publisher.name IS NULL
    OR NOT regexp_full_match(
        publisher.name,
        '(?:sources?|posted|format|author|byline|published|date|length|section|'
        || 'news|business|sports?|politics?|world|opinion|home|share|print)\W*'
    ) AS is_source_no_label,
    publisher.name IS NULL
    OR writer.names IS NULL
    OR NOT list_contains(writer.names, publisher.name) AS is_source_no_author,
    article.place_key IN (
        SELECT place_key FROM staging.dim_place
        UNION ALL
        SELECT place_key FROM main.dim_place
    ) AS is_place_resolved,
    article.category_key IN (
        SELECT category_key FROM staging.dim_category
        UNION ALL
        SELECT category_key FROM main.dim_category
    ) AS is_category_resolved,
    article.published_date_key IN (
        SELECT date_key FROM staging.dim_date
        UNION ALL
        SELECT date_key FROM main.dim_date
    ) AS is_published_date_resolved,
    article.published_from_key IN (
        SELECT date_key FROM staging.dim_date
        UNION ALL
        SELECT date_key FROM main.dim_date
    ) AS is_published_from_resolved,
    article.published_to_key IN (
        SELECT date_key FROM staging.dim_date
        UNION ALL
        SELECT date_key FROM main.dim_date
    ) AS is_published_to_resolved,
    article.event_date_key IN (
        SELECT date_key FROM staging.dim_date
        UNION ALL
        SELECT date_key FROM main.dim_date
    ) AS is_event_date_resolved,
    article.first_document_key IN (
        SELECT document_key FROM staging.dim_document
        UNION ALL
        SELECT document_key FROM ops.document
    ) AS is_first_document_resolved,
    article.classifier_key IN (
        SELECT classifier_key FROM staging.dim_classifier
        UNION ALL
        SELECT classifier_key FROM main.dim_classifier
    ) AS is_classifier_resolved,
    article.run_key IN (
        SELECT run_key FROM staging.dim_run
        UNION ALL
        SELECT run_key FROM main.dim_run
    ) AS is_run_resolved,
    article.confidence BETWEEN 0 AND 1 AS is_confidence_a_share,
    article.word_count >= 0
    AND article.char_count >= 0
    AND article.paragraph_count >= 0
    AND article.occurrence_count >= 1 AS are_counts_plausible,
    article.published_date_key = 0
    OR coalesce(
        article.published_date_key
        BETWEEN strftime($earliest_published_date::DATE, '%Y%m%d')::INTEGER
        AND strftime($run_date::DATE, '%Y%m%d')::INTEGER,
        TRUE
    ) AS is_published_in_time,
    (article.date_basis = 'unknown')
    = (article.published_date_key = 0) AS is_date_basis_consistent,
    CASE
        WHEN article.published_date_key = 0
            THEN
                article.published_from_key <= article.published_to_key
                AND (article.published_from_key = 0)
                = (article.published_to_key = 0)
        ELSE
            article.published_date_key
            BETWEEN article.published_from_key AND article.published_to_key
            AND article.published_from_key <> 0
    END AS are_bounds_in_order,
    coalesce(
        NOT article.is_date_stated
        OR (
            article.date_basis IN ('record', 'header', 'dateline')
            AND article.published_date_key <> 0
            AND article.published_from_key = article.published_date_key
            AND article.published_to_key = article.published_date_key
        ),
        FALSE
    ) AS is_stated_date_founded,
    coalesce(occurrence.occurrences, 0)
    = article.occurrence_count AS is_occurrence_count_right,
    primary_label.category_key
    = article.category_key AS is_category_the_primary_label
FROM staging.fact_article AS article
LEFT JOIN known USING (article_key)
LEFT JOIN publisher USING (source_key)
LEFT JOIN writer USING (article_key)
LEFT JOIN first_appearance
    ON
        article.article_key = first_appearance.article_key
        AND article.first_document_key = first_appearance.document_key
        AND article.first_char_start = first_appearance.char_start
LEFT JOIN occurrence USING (article_key)
LEFT JOIN primary_label USING (article_key, classifier_key)
