-- In order of their places, so that those of some pairs are found without reading all.
CREATE OR REPLACE TEMP TABLE wanted_text AS
SELECT * FROM unordered_text
ORDER BY place;
DROP TABLE unordered_text;
