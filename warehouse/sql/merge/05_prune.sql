-- Members that only replaced rows named. Nothing to do when nothing was replaced.
CREATE OR REPLACE TEMP TABLE was_replaced AS
SELECT
    (SELECT count(*) FROM gone_article) > 0
    OR (SELECT count(*) FROM replaced_article) > 0
        AS is_pruning;
DELETE FROM main.dim_author
WHERE
    author_key <> 0
    AND (SELECT is_pruning FROM was_replaced)
    AND author_key NOT IN (SELECT author_key FROM main.bridge_article_author);
DELETE FROM main.dim_place
WHERE
    place_key <> 0
    AND (SELECT is_pruning FROM was_replaced)
    AND place_key NOT IN (
        SELECT place_key FROM main.fact_article
        UNION ALL
        SELECT place_key FROM main.fact_mention
        UNION ALL
        SELECT place_key FROM main.fact_quantity
    );
DELETE FROM main.dim_actor
WHERE
    actor_key <> 0
    AND (SELECT is_pruning FROM was_replaced)
    AND actor_key NOT IN (SELECT actor_key FROM main.fact_mention);
DELETE FROM main.dim_source
WHERE
    is_inferred
    AND (SELECT is_pruning FROM was_replaced)
    AND source_key NOT IN (
        SELECT source_key FROM main.fact_article
        UNION ALL
        SELECT agency_key FROM main.fact_article
    );
DELETE FROM main.dim_date
WHERE
    date_key <> 0
    AND (SELECT is_pruning FROM was_replaced)
    AND date_key NOT IN (
        SELECT published_date_key FROM main.fact_article
        UNION ALL
        SELECT published_from_key FROM main.fact_article
        UNION ALL
        SELECT published_to_key FROM main.fact_article
        UNION ALL
        SELECT event_date_key FROM main.fact_article
    );
