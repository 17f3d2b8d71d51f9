-- Grain: one quote of the documents with keys from $low to $high: evidence, mentions,
-- claims.
SELECT document_key, char_start, char_end, exact
FROM main.fact_evidence
WHERE document_key BETWEEN $low AND $high
UNION ALL
SELECT document_key, char_start, char_end, exact
FROM main.fact_mention
WHERE document_key BETWEEN $low AND $high
UNION ALL
SELECT document_key, char_start, char_end, exact
FROM main.fact_quantity
WHERE document_key BETWEEN $low AND $high;
