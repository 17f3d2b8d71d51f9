-- Grain: publishers, most distinct articles first; unknown ones as one row.
SELECT
    source.source_key = 0 AS is_unknown,
    CASE WHEN source.source_key <> 0 THEN source.name END AS source,
    source.kind,
    count(*) AS articles,
    sum(chosen.occurrence_count)::BIGINT AS occurrences,
    count(*) FILTER (WHERE chosen.category = 'crisis') AS crisis,
    count(*) FILTER (WHERE chosen.category = 'energy') AS energy,
    count(*) FILTER (WHERE chosen.category = 'crime') AS crime,
    count(*) FILTER (WHERE chosen.category = 'government') AS government,
    count(*) FILTER (WHERE chosen.category = 'other') AS other,
    count(*) FILTER (WHERE chosen.category = 'unclassified') AS unclassified,
    max(chosen.date) AS last_date,
    count(*) OVER () AS publishers
FROM chosen_article AS chosen
INNER JOIN main.dim_source AS source USING (source_key)
GROUP BY source.source_key, source.name, source.kind
ORDER BY is_unknown ASC, articles DESC, source.name ASC
LIMIT $row_limit;
