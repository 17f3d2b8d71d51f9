-- Who is named most? Counts distinct articles and stories (a text and its reprints).
SELECT
    actor,
    actor_kind,
    count(DISTINCT article_key) AS article_count,
    count(DISTINCT story_key) AS story_count,
    mode(printed_role) AS most_printed_role,
    max(published_date) AS last_day
FROM actor_mention
GROUP BY actor_key, actor, actor_kind
ORDER BY article_count DESC, story_count DESC, actor ASC
LIMIT 100;
