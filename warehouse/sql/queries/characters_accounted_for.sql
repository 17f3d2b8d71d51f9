-- Is every character of every file accounted for? Counts characters.
SELECT
    file_name,
    chars_total,
    chars_in_articles,
    chars_separator,
    chars_quarantined,
    chars_total = chars_in_articles + chars_separator + chars_quarantined AS adds_up
FROM document_coverage
ORDER BY chars_quarantined DESC, file_name ASC;
