-- Grain: documents, those with the smallest share in articles first.
SELECT
    file_name,
    article_count,
    announced_count,
    chars_total,
    chars_in_articles,
    chars_separator,
    chars_quarantined,
    count(*) OVER () AS documents
FROM main.document_coverage
ORDER BY
    chars_in_articles / greatest(chars_total, 1), chars_total DESC, file_name ASC
LIMIT $row_limit;
