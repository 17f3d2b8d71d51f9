-- Values that are boilerplate no more without the articles that left: what others share
-- must be judged again.
WITH
lost_value AS (
    SELECT DISTINCT
        holder.value,
        linked.source_key
    FROM holder
    INNER JOIN linked_article AS linked USING (article_key)
    SEMI JOIN failing_article USING (article_key)
    WHERE holder.is_boilerplate
),

held AS (
    SELECT
        holder.value,
        linked.source_key,
        linked.print_day,
        linked.enough_days
    FROM holder
    INNER JOIN linked_article AS linked USING (article_key)
    SEMI JOIN lost_value
        ON
            holder.value = lost_value.value
            AND linked.source_key = lost_value.source_key
    ANTI JOIN failing_article USING (article_key)
),

kept AS (
    SELECT value, source_key
    FROM held
    GROUP BY value, source_key
    HAVING count(DISTINCT print_day) >= min(enough_days)
)

SELECT count(*) AS value_count
FROM lost_value
ANTI JOIN kept USING (value, source_key);
