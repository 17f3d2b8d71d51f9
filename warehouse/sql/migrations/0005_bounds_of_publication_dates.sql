-- Between which days an article was published, and whether it says so itself. Dates of
-- before have no bounds but those that were stated; what the file suggested came from
-- the articles around it.
ALTER TABLE main.fact_article
ADD COLUMN IF NOT EXISTS published_from_key INTEGER DEFAULT 0;
ALTER TABLE main.fact_article
ADD COLUMN IF NOT EXISTS published_to_key INTEGER DEFAULT 0;
ALTER TABLE main.fact_article ADD COLUMN IF NOT EXISTS is_date_stated BOOLEAN;
-- Of a later step, which cannot add them once this one has changed rows.
ALTER TABLE main.fact_article ADD COLUMN IF NOT EXISTS country_iso2 VARCHAR;
ALTER TABLE main.fact_article ADD COLUMN IF NOT EXISTS country VARCHAR;
ALTER TABLE main.fact_article ADD COLUMN IF NOT EXISTS dateline VARCHAR;
UPDATE main.fact_article SET
    is_date_stated = date_basis IN ('record', 'dateline') AND published_date_key <> 0;
UPDATE main.fact_article SET
    published_from_key = published_date_key,
    published_to_key = published_date_key
WHERE is_date_stated;
UPDATE main.fact_article SET date_basis = 'neighbours'
WHERE date_basis = 'document';
