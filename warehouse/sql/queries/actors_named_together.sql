-- Which persons and organisations are named in the same articles? Counts distinct
-- articles.
WITH
named AS (
    SELECT DISTINCT article_key, actor_key, actor
    FROM actor_mention
)

SELECT
    one.actor,
    other.actor AS other_actor,
    count(*) AS article_count
FROM named AS one
INNER JOIN named AS other
    ON one.article_key = other.article_key AND one.actor_key < other.actor_key
GROUP BY one.actor_key, one.actor, other.actor_key, other.actor
ORDER BY article_count DESC, one.actor ASC, other.actor ASC
LIMIT 100;
