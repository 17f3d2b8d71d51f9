-- Grain: this run; what it adds, counted before anything is added.
CREATE OR REPLACE TEMP TABLE run_count AS
SELECT
    (SELECT count(*) FROM staging.chosen_document) AS documents_new,
    (
        SELECT count(*) FROM staging.fact_article
        ANTI JOIN main.fact_article AS known USING (article_key)
    ) AS articles_new,
    (SELECT count(*) FROM staging.fact_occurrence) AS occurrences_new,
    (
        SELECT count(*) FROM staging.quarantine
        ANTI JOIN quality.quarantine AS known USING (quarantine_key)
    ) AS rows_quarantined,
    (
        SELECT coalesce(sum(char_count), 0)::BIGINT FROM staging.dim_document
    ) AS chars_total;
