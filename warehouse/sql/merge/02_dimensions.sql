-- Members that the rows to publish name, and the whole of the reference lists.
-- A known author is spelled anew also by a copy of an article that is here already.
MERGE INTO main.dim_author
USING (
    SELECT * FROM staging.dim_author
    WHERE author_key IN (
        SELECT author_key FROM staging.bridge_article_author
        UNION ALL
        SELECT author_key FROM main.dim_author
    )
) AS changed USING (author_key)
WHEN MATCHED THEN UPDATE BY NAME
WHEN NOT MATCHED THEN INSERT BY NAME;
MERGE INTO main.dim_place
USING (
    SELECT * FROM staging.dim_place
    WHERE place_key IN (
        SELECT place_key FROM staging.fact_article
        UNION ALL
        SELECT place_key FROM staging.fact_mention
        UNION ALL
        SELECT place_key FROM staging.fact_quantity
    )
) AS changed USING (place_key)
WHEN MATCHED THEN UPDATE BY NAME
WHEN NOT MATCHED THEN INSERT BY NAME;
MERGE INTO main.dim_actor
USING (
    SELECT * FROM staging.dim_actor
    SEMI JOIN staging.fact_mention USING (actor_key)
) AS changed USING (actor_key)
WHEN MATCHED THEN UPDATE BY NAME
WHEN NOT MATCHED THEN INSERT BY NAME;
INSERT INTO main.dim_date BY NAME
SELECT * FROM staging.dim_date
WHERE date_key IN (
    SELECT published_date_key FROM staging.fact_article
    UNION ALL
    SELECT published_from_key FROM staging.fact_article
    UNION ALL
    SELECT published_to_key FROM staging.fact_article
    UNION ALL
    SELECT event_date_key FROM staging.fact_article
);
MERGE INTO main.dim_source
USING (
    SELECT * FROM staging.dim_source
    WHERE
        NOT is_inferred
        OR source_key IN (
            SELECT source_key FROM staging.fact_article
            UNION ALL
            SELECT agency_key FROM staging.fact_article
        )
) AS changed USING (source_key)
WHEN MATCHED THEN UPDATE BY NAME
WHEN NOT MATCHED THEN INSERT BY NAME;
MERGE INTO main.dim_category
USING (
    SELECT * FROM staging.dim_category
) AS changed USING (category_key)
WHEN MATCHED THEN UPDATE BY NAME
WHEN NOT MATCHED THEN INSERT BY NAME;
MERGE INTO main.dim_classifier
USING (
    SELECT * FROM staging.dim_classifier
) AS changed USING (classifier_key)
WHEN MATCHED THEN UPDATE BY NAME
WHEN NOT MATCHED THEN INSERT BY NAME;
MERGE INTO quality.dim_expectation
USING (
    SELECT * FROM staging.dim_expectation
    EXCEPT
    SELECT * FROM quality.dim_expectation
) AS changed USING (expectation_key)
WHEN MATCHED THEN UPDATE BY NAME
WHEN NOT MATCHED THEN INSERT BY NAME;
UPDATE ops.serving_classifier SET classifier_key = (
    SELECT max(classifier_key) FROM staging.fact_article
)
WHERE
    classifier_key = 0
    AND (SELECT count(*) FROM staging.fact_article) > 0;
