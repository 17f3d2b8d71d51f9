-- Between which two labels did articles go from one classifier version to another, and
-- how many the other way? Counts distinct articles.

WITH
flip AS (
    SELECT
        from_version,
        to_version,
        least(from_category, to_category) AS one_category,
        greatest(from_category, to_category) AS other_category,
        from_category < to_category AS is_to_other
    FROM classification_flip
)

SELECT
    from_version,
    to_version,
    one_category,
    other_category,
    count(*) FILTER (WHERE is_to_other) AS from_one_to_other,
    count(*) FILTER (WHERE NOT is_to_other) AS from_other_to_one,
    count(*) AS article_count
FROM flip
GROUP BY ALL
ORDER BY
    from_version ASC, to_version ASC, article_count DESC, one_category ASC,
    other_category ASC;
