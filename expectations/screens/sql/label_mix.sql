-- Grain: one category; its share of the new articles against the days before the run.
WITH
new_article AS (
    SELECT category_key, count(*) AS articles
    FROM staging.fact_article
    GROUP BY category_key
),

earlier_article AS (
    SELECT article.category_key, count(*) AS articles
    FROM main.fact_article AS article
    INNER JOIN main.dim_run AS run USING (run_key)
    WHERE
        run.started_at >= $run_date::DATE - $label_mix_days::INTEGER
        AND run.started_at < $run_date::DATE + 1
    GROUP BY article.category_key
),

share AS (
    SELECT
        category_key,
        coalesce(new_article.articles, 0) AS new_articles,
        coalesce(earlier_article.articles, 0) AS earlier_articles,
        sum(new_articles) OVER () AS all_new,
        sum(earlier_articles) OVER () AS all_earlier
    FROM new_article
    FULL JOIN earlier_article USING (category_key)
)

SELECT
    category_key,
    (new_articles / all_new) - (earlier_articles / all_earlier) AS share_change
FROM share
WHERE least(all_new, all_earlier) >= $label_mix_min_articles::INTEGER
