-- Grain: one quote of the documents with keys from $low to $high.
SELECT document_key, char_start, char_end, exact
FROM main.fact_evidence
WHERE document_key BETWEEN $low AND $high;
