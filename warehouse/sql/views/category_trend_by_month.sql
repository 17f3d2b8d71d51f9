-- Grain: months and categories. Counts distinct articles by primary label, weight
-- shared among all labels, and stories.
CREATE OR REPLACE VIEW main.category_trend_by_month AS
SELECT
    date_trunc('month', article.published_date)::DATE AS month,
    label.category,
    count(*) FILTER (WHERE label.is_primary) AS article_count,
    sum(label.weight) AS article_weight,
    count(DISTINCT story.story_key) FILTER (WHERE label.is_primary) AS story_count
FROM main.article_category AS label
INNER JOIN (
    SELECT fact.article_key, published.date AS published_date
    FROM main.fact_article AS fact
    INNER JOIN main.dim_date AS published
        ON fact.published_date_key = published.date_key
    WHERE published.date_key <> 0
) AS article USING (article_key)
LEFT JOIN main.bridge_article_story AS story USING (article_key)
GROUP BY ALL;
COMMENT ON VIEW main.category_trend_by_month IS
    'Months and categories. Counts distinct articles by primary label, weight shared '
    'among all labels, and stories.';
COMMENT ON COLUMN main.category_trend_by_month.month IS
    'First day of the month of publication; undated articles are left out.';
COMMENT ON COLUMN main.category_trend_by_month.category IS 'Label.';
COMMENT ON COLUMN main.category_trend_by_month.article_count IS
    'Distinct articles whose primary label it is.';
COMMENT ON COLUMN main.category_trend_by_month.article_weight IS
    'Distinct articles, each split among its labels.';
COMMENT ON COLUMN main.category_trend_by_month.story_count IS
    'Stories with such an article; one that goes on into another month, or carries two '
    'labels, counts for each.';
