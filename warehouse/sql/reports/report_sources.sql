-- Grain: publishers, most distinct articles first; unknown ones as one row.
SELECT
    source.source_key = 0 AS is_unknown,
    CASE WHEN source.source_key <> 0 THEN source.name END AS source,
    source.kind,
    count(*) AS articles,
    sum(fact.occurrence_count)::BIGINT AS occurrences,
    count(*) FILTER (WHERE label.category = 'crisis') AS crisis,
    count(*) FILTER (WHERE label.category = 'energy') AS energy,
    count(*) FILTER (WHERE label.category = 'crime') AS crime,
    count(*) FILTER (WHERE label.category = 'government') AS government,
    count(*) FILTER (WHERE label.category = 'other') AS other,
    count(*) FILTER (WHERE label.category = 'unclassified') AS unclassified,
    max(published.date) AS last_date,
    count(*) OVER () AS publishers
FROM main.fact_article AS fact
INNER JOIN main.dim_source AS source USING (source_key)
LEFT JOIN main.dim_date AS published ON fact.published_date_key = published.date_key
LEFT JOIN main.article_category AS label
    ON fact.article_key = label.article_key AND label.is_primary
GROUP BY source.source_key, source.name, source.kind
ORDER BY is_unknown ASC, articles DESC, source.name ASC
LIMIT $row_limit;
