-- What has no label is called so, and which languages a version knows. Of those before,
-- nobody asked: they took every text for English.
UPDATE main.dim_category SET code = 'unclassified', label = 'Unclassified'
WHERE category_key = 0;
ALTER TABLE main.dim_classifier ADD COLUMN IF NOT EXISTS languages VARCHAR[];
ALTER TABLE main.dim_classifier ADD COLUMN IF NOT EXISTS lexicon_languages VARCHAR[];
