-- Grain: one article that has the words, the best (BM25) first; title counts thrice.
-- Call as: FROM search('"power plant" OR blackout NOT drill category:energy').
-- Words next to each other must all be there; AND binds closer than OR; `most` limits
-- the rows. Fields narrow the whole: category:, source:, since:, until: (a day, a
-- month, or a year), also behind NOT.
CREATE OR REPLACE MACRO main.search(words, most := 100) AS TABLE
WITH
said AS (
    SELECT regexp_extract_all(
        translate(words, '“”„«»', '"""""'),
        '-?[A-Za-z]+:"[^"]*"|-?"[^"]*"|[^\s"]+'
    ) AS items
),

item AS (
    SELECT
        unnest(items) AS item,
        generate_subscripts(items, 1) AS place
    FROM said
),

part AS (
    SELECT
        place,
        item,
        sum((item = 'OR')::INTEGER) OVER (ORDER BY place) AS alternative,
        starts_with(item, '-') OR coalesce(lag(item) OVER (ORDER BY place) = 'NOT', false)
            AS is_negated,
        lower(
            regexp_extract(item, '^-?(category|source|since|until):', 1, 'i')
        ) AS field,
        regexp_replace(
            item, '^-?(?:(?:category|source|since|until):)?"?(.*?)"?$', '\1', 'i'
        ) AS content
    FROM item
),

field AS (
    SELECT
        field,
        is_negated,
        lower(content) AS content,
        ' ' || array_to_string(
            regexp_extract_all(lower(content), '[\p{L}\p{M}\p{N}]+'), ' '
        ) || ' ' AS name
    FROM part
    WHERE field <> ''
),

named_source AS (
    SELECT source.name, field.is_negated
    FROM main.dim_source AS source
    INNER JOIN field
        ON
            field.field = 'source'
            AND contains(
                ' ' || array_to_string(
                    regexp_extract_all(
                        lower(concat_ws(' | ', source.name, source.aliases)),
                        '[\p{L}\p{M}\p{N}|]+'
                    ), ' '
                ) || ' ', field.name
            )
),

bounds AS (
    SELECT
        list(content) FILTER (field = 'category' AND NOT is_negated) AS categories,
        list(content) FILTER (field = 'category' AND is_negated) AS other_categories,
        max(content) FILTER (field = 'since') AS since,
        min(content) FILTER (field = 'until') AS until,
        count(*) FILTER (field = 'source' AND NOT is_negated) > 0 AS is_of_source,
        (SELECT list(name) FROM named_source WHERE NOT is_negated) AS sources,
        (SELECT list(name) FROM named_source WHERE is_negated) AS other_sources
    FROM field
),

clause AS (
    SELECT DISTINCT alternative, is_negated, lower(content) AS content
    FROM part
    WHERE field = '' AND item NOT IN ('AND', 'OR', 'NOT')
),

cut AS (
    SELECT
        content,
        regexp_extract_all(content, '\p{L}\.(?:\p{L}\.)+|[\p{L}\p{M}\p{N}]+') AS parts
    FROM (SELECT DISTINCT content FROM clause)
),

word AS (
    SELECT content, main.search_term(part) AS term, step
    FROM (
        SELECT
            content,
            unnest(parts) AS part,
            generate_subscripts(parts, 1) AS step
        FROM cut
    )
    WHERE term IS NOT NULL
),

size AS (
    SELECT content, count(*) AS words, min(step) AS first_step, max(step) AS last_step
    FROM word
    GROUP BY content
),

place AS (
    SELECT
        word.content,
        word.step,
        unnest(posting.article_numbers) AS article_number,
        unnest(posting.positions) AS position
    FROM ops.search_posting AS posting
    INNER JOIN word ON posting.term = word.term
),

hit AS (
    SELECT
        place.content,
        place.article_number,
        place.position::BIGINT - place.step AS start
    FROM place
    INNER JOIN size ON place.content = size.content
    GROUP BY ALL
    HAVING count(*) = any_value(size.words)
),

found AS (
    SELECT
        hit.content,
        hit.article_number,
        any_value(article.article_key) AS article_key,
        any_value(article.word_count) AS word_count,
        sum(CASE WHEN hit.start + 1 < article.title_words THEN 3 ELSE 1 END) AS times
    FROM hit
    INNER JOIN ops.search_article AS article
        ON hit.article_number = article.article_number
    GROUP BY hit.content, hit.article_number
),

whole AS (
    SELECT
        count(*) AS articles,
        avg(word_count) AS mean_words,
        CASE
            WHEN count(*) = 0 AND (SELECT count(*) FROM main.fact_article) > 0
                THEN error('search: this warehouse has no index')
        END AS refusal
    FROM ops.search_article
),

weighed AS (
    SELECT
        found.*,
        size.words * ln(
            1 + (whole.articles - of_content.articles + 0.5) / (of_content.articles + 0.5)
        ) * found.times * 2.2 / (
            found.times + 1.2 * (0.25 + 0.75 * found.word_count / whole.mean_words)
        ) AS score
    FROM found
    INNER JOIN size ON found.content = size.content
    INNER JOIN (
        SELECT content, count(*) AS articles FROM found GROUP BY content
    ) AS of_content ON found.content = of_content.content
    CROSS JOIN whole
),

wanted AS (
    SELECT alternative, count(*) AS clauses
    FROM clause
    INNER JOIN size USING (content)
    WHERE NOT is_negated
    GROUP BY alternative
),

matched AS (
    SELECT clause.alternative, found.article_number
    FROM found
    INNER JOIN clause ON found.content = clause.content
    INNER JOIN wanted ON clause.alternative = wanted.alternative
    GROUP BY ALL
    HAVING
        count(*) FILTER (WHERE NOT clause.is_negated) = any_value(wanted.clauses)
        AND count(*) FILTER (WHERE clause.is_negated) = 0
),

scored AS (
    SELECT
        weighed.article_key,
        weighed.article_number,
        sum(weighed.score) AS score
    FROM weighed
    SEMI JOIN matched ON weighed.article_number = matched.article_number
    SEMI JOIN (
        SELECT content FROM clause WHERE NOT is_negated
    ) AS positive ON weighed.content = positive.content
    GROUP BY ALL
),

label AS (
    SELECT article_key, category_key
    FROM main.fact_classification
    WHERE
        is_primary
        AND classifier_key = (SELECT classifier_key FROM ops.serving_classifier)
),

best AS (
    SELECT
        scored.score,
        scored.article_number,
        fact.article_key,
        published.date AS published_date,
        category.code AS category,
        CASE WHEN fact.source_key <> 0 THEN source.name END AS source
    FROM scored
    INNER JOIN main.fact_article AS fact ON scored.article_key = fact.article_key
    LEFT JOIN label ON fact.article_key = label.article_key
    LEFT JOIN main.dim_category AS category
        ON category.category_key = coalesce(label.category_key, fact.category_key)
    LEFT JOIN main.dim_source AS source ON fact.source_key = source.source_key
    LEFT JOIN main.dim_source AS agency ON fact.agency_key = agency.source_key
    LEFT JOIN main.dim_date AS published
        ON fact.published_date_key = published.date_key
    CROSS JOIN bounds
    CROSS JOIN whole
    WHERE
        whole.refusal IS NULL
        AND (
            bounds.categories IS NULL
            OR list_contains(bounds.categories, category.code)
        )
        AND NOT list_contains(coalesce(bounds.other_categories, []), category.code)
        AND (
            NOT bounds.is_of_source
            OR list_has_any(bounds.sources, [source.name, agency.name])
        )
        AND NOT list_has_any(
            coalesce(bounds.other_sources, []), [source.name, agency.name]
        )
        AND (
            bounds.since IS NULL
            OR left(published.date::VARCHAR, length(bounds.since)) >= bounds.since
        )
        AND (
            bounds.until IS NULL
            OR left(published.date::VARCHAR, length(bounds.until)) <= bounds.until
        )
    ORDER BY scored.score DESC, fact.article_key
    LIMIT most
),

marked AS (
    SELECT
        hit.article_number,
        list_sort(
            list_distinct(
                list((hit.start + word.step)::UINTEGER)
            )
        ) AS matched_words
    FROM hit
    SEMI JOIN best ON hit.article_number = best.article_number
    SEMI JOIN (
        SELECT content FROM clause WHERE NOT is_negated
    ) AS positive ON hit.content = positive.content
    INNER JOIN word ON hit.content = word.content
    GROUP BY hit.article_number
)

SELECT
    best.score,
    fact.article_key,
    fact.article_id,
    fact.title,
    best.category,
    best.source,
    best.published_date,
    fact.language,
    fact.url,
    document.file_name,
    fact.first_char_start AS char_start,
    marked.matched_words
FROM best
INNER JOIN marked ON best.article_number = marked.article_number
INNER JOIN main.fact_article AS fact ON best.article_key = fact.article_key
LEFT JOIN ops.document AS document
    ON fact.first_document_key = document.document_key
ORDER BY best.score DESC, best.article_key;
COMMENT ON MACRO TABLE main.search IS
    'One row per article that has the words, the best first (BM25): words, "phrases", '
    'AND, OR, NOT, category:, source:, since:, until:. Positions of words count those '
    'of title and body from 0.';
