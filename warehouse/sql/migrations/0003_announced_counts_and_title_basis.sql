-- How many articles a file says it holds, and what each title is. Of files that were
-- read before, nobody asked; every title was a line then.
ALTER TABLE ops.document ADD COLUMN IF NOT EXISTS announced_count BIGINT;
ALTER TABLE main.fact_article
ADD COLUMN IF NOT EXISTS title_basis VARCHAR DEFAULT 'line';
ALTER TABLE main.fact_occurrence
ADD COLUMN IF NOT EXISTS title_basis VARCHAR DEFAULT 'line';
