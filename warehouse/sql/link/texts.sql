-- Where the texts of the wanted articles are that the warehouse holds already. Their
-- place in the table lets the scan below leave out all blocks without one: a join by
-- keys, which are scattered, would read every text there is.
CREATE OR REPLACE TEMP TABLE wanted_place AS
SELECT
    wanted.article_key,
    wanted.char_count,
    wanted.place,
    fact.title,
    fact.title_basis,
    segment.rowid AS segment_place,
    seen.char_start,
    seen.body_runs,
    seen.body_gaps
FROM wanted_article AS wanted
INNER JOIN main.fact_article AS fact USING (article_key)
INNER JOIN main.fact_occurrence AS seen
    ON
        fact.article_key = seen.article_key
        AND fact.first_document_key = seen.document_key
        AND fact.first_char_start = seen.char_start
INNER JOIN main.document_segment AS segment
    ON
        seen.article_key = segment.article_key
        AND seen.document_key = segment.document_key
        AND seen.char_start = segment.char_start
ANTI JOIN staging.fact_article ON fact.article_key = staging.fact_article.article_key;
-- Where the texts are of those that are loaded now.
CREATE OR REPLACE TEMP TABLE staged_place AS
SELECT
    wanted.article_key,
    wanted.char_count,
    wanted.place,
    fact.title,
    fact.title_basis,
    seen.document_key,
    seen.char_start,
    seen.body_runs,
    seen.body_gaps
FROM wanted_article AS wanted
INNER JOIN staging.fact_article AS fact USING (article_key)
INNER JOIN staging.fact_occurrence AS seen
    ON
        fact.article_key = seen.article_key
        AND fact.first_document_key = seen.document_key
        AND fact.first_char_start = seen.char_start;
-- Texts of the wanted articles, read once, and only these put together.
CREATE OR REPLACE TEMP TABLE unordered_text AS
SELECT
    wanted.article_key,
    wanted.char_count,
    wanted.place,
    wanted.title,
    wanted.title_basis,
    main.assembled(
        segment.text, wanted.char_start, wanted.body_runs, wanted.body_gaps
    ) AS body
FROM staging.document_segment AS segment
INNER JOIN staged_place AS wanted USING (article_key, document_key, char_start)
UNION ALL
SELECT
    wanted.article_key,
    wanted.char_count,
    wanted.place,
    wanted.title,
    wanted.title_basis,
    main.assembled(
        segment.text, wanted.char_start, wanted.body_runs, wanted.body_gaps
    ) AS body
FROM main.document_segment AS segment
INNER JOIN wanted_place AS wanted ON segment.rowid = wanted.segment_place;
