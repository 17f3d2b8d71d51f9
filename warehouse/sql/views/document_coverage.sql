-- Grain: documents and where each of their characters went; the three parts add up to
-- chars_total. Beside them, how many articles were found, and how many the file says it
-- holds.
CREATE OR REPLACE VIEW main.document_coverage AS
WITH
printed AS (
    SELECT
        document_key,
        count(*) AS articles,
        sum(char_end - char_start) AS chars
    FROM main.fact_occurrence
    GROUP BY document_key
),

held AS (
    SELECT
        document.document_key,
        greatest(coalesce(row.char_start, 0), 0) AS char_start,
        least(coalesce(row.char_end, document.char_count), document.char_count)
            AS char_end
    FROM quality.quarantine AS row
    INNER JOIN ops.document AS document USING (document_key)
    WHERE row.status <> 'retried' AND document.document_key <> 0
),

-- Spans may overlap: each one counts from where all before it have ended.
fresh AS (
    SELECT
        document_key,
        greatest(
            char_start,
            coalesce(
                max(char_end) OVER (
                    PARTITION BY document_key ORDER BY char_start, char_end
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ), 0
            )
        ) AS char_start,
        char_end
    FROM held
),

quarantined AS (
    SELECT document_key, sum(char_end - char_start) AS chars
    FROM fresh
    WHERE char_end > char_start
    GROUP BY document_key
),

-- What is held back inside of an article is still in the article.
shared AS (
    SELECT
        fresh.document_key,
        sum(
            least(fresh.char_end, occurrence.char_end)
            - greatest(fresh.char_start, occurrence.char_start)
        ) AS chars
    FROM fresh
    INNER JOIN main.fact_occurrence AS occurrence
        ON
            fresh.document_key = occurrence.document_key
            AND fresh.char_start < occurrence.char_end
            AND fresh.char_end > occurrence.char_start
    WHERE fresh.char_end > fresh.char_start
    GROUP BY fresh.document_key
),

parts AS (
    SELECT
        document.document_key,
        document.file_name,
        document.char_count AS chars_total,
        document.announced_count,
        coalesce(printed.articles, 0) AS article_count,
        coalesce(printed.chars, 0)::BIGINT AS chars_in_articles,
        (coalesce(quarantined.chars, 0) - coalesce(shared.chars, 0))::BIGINT
            AS chars_quarantined
    FROM ops.document AS document
    LEFT JOIN printed USING (document_key)
    LEFT JOIN quarantined USING (document_key)
    LEFT JOIN shared USING (document_key)
    WHERE document.document_key <> 0 AND document.kind IS DISTINCT FROM 'container'
)

SELECT
    document_key,
    file_name,
    chars_total,
    chars_in_articles,
    chars_total - chars_in_articles - chars_quarantined AS chars_separator,
    chars_quarantined,
    article_count,
    announced_count
FROM parts;
COMMENT ON VIEW main.document_coverage IS
    'Documents and where each of their characters went; the three parts add up to '
    'chars_total. Beside them, how many articles were found, and how many the file '
    'says it holds.';
COMMENT ON COLUMN main.document_coverage.document_key IS 'Document.';
COMMENT ON COLUMN main.document_coverage.file_name IS 'Its file name.';
COMMENT ON COLUMN main.document_coverage.chars_total IS
    'Characters of the decoded text.';
COMMENT ON COLUMN main.document_coverage.chars_in_articles IS 'In spans of articles.';
COMMENT ON COLUMN main.document_coverage.chars_separator IS 'Between articles.';
COMMENT ON COLUMN main.document_coverage.chars_quarantined IS
    'Held back, with a reason in quality.quarantine.';
COMMENT ON COLUMN main.document_coverage.article_count IS
    'Articles found in it, reprints included; those held back do not count.';
COMMENT ON COLUMN main.document_coverage.announced_count IS
    'Articles that the file itself says it holds; null when it says nothing.';
