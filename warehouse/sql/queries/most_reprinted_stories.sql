-- Which texts were reprinted most? A story is one text and its reprints. Counts
-- sources, distinct articles, and occurrences.
SELECT
    title,
    first_source,
    first_published_date,
    last_published_date - first_published_date AS days,
    source_count,
    article_count,
    occurrence_count,
    story_key
FROM story
WHERE occurrence_count > 1
ORDER BY
    source_count DESC,
    article_count DESC,
    occurrence_count DESC,
    first_published_date ASC,
    story_key ASC
LIMIT 50;
