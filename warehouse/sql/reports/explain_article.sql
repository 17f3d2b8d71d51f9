-- One article, everything that is known of it.
SELECT
    article.*,
    source.kind AS source_kind,
    published.date IS NOT NULL AS is_dated,
    occurrence.ordinal,
    occurrence.boundary_score,
    occurrence.title_char_end,
    occurrence.cuts,
    document.encoding,
    document.document_id,
    document.path AS document_path,
    document.format,
    document.extractor,
    document.container_id,
    left(
        segment.text, (occurrence.char_end - occurrence.char_start)::BIGINT
    ) AS span
FROM main.article AS article
INNER JOIN main.fact_article AS fact USING (article_key)
INNER JOIN main.dim_source AS source ON fact.source_key = source.source_key
LEFT JOIN main.dim_date AS published ON fact.published_date_key = published.date_key
INNER JOIN main.fact_occurrence AS occurrence
    ON
        article.article_key = occurrence.article_key
        AND article.document_key = occurrence.document_key
        AND article.char_start = occurrence.char_start
INNER JOIN ops.document AS document
    ON article.document_key = document.document_key
INNER JOIN main.document_segment AS segment
    ON
        article.article_key = segment.article_key
        AND article.document_key = segment.document_key
        AND article.char_start = segment.char_start
WHERE article.article_key = $article_key;
