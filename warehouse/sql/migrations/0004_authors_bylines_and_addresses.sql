-- One author each in place of whole bylines, the byline as printed, the agency behind
-- a publisher, and the address. `tables/` makes the bridge; until a file is read again,
-- each of its articles has its old byline as its one author.
ALTER TABLE main.dim_author ADD COLUMN IF NOT EXISTS aliases VARCHAR[];
ALTER TABLE main.fact_article
ADD COLUMN IF NOT EXISTS agency_key UBIGINT DEFAULT 0;
ALTER TABLE main.fact_article ADD COLUMN IF NOT EXISTS byline VARCHAR;
ALTER TABLE main.fact_article ADD COLUMN IF NOT EXISTS url VARCHAR;
CREATE TABLE IF NOT EXISTS main.bridge_article_author (
    article_key UBIGINT NOT NULL,
    author_key UBIGINT NOT NULL,
    ordinal INTEGER NOT NULL
);
INSERT INTO main.bridge_article_author BY NAME
SELECT
    article_key,
    author_key,
    1::INTEGER AS ordinal
FROM main.fact_article
WHERE author_key <> 0;
