-- Grain: one text, found by its place, so that no other one is read.
SELECT
    rowid AS place,
    text
FROM main.document_segment
WHERE rowid IN (SELECT unnest($places::BIGINT[]));
