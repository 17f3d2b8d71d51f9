-- Grain: one article whose story is new or another one than before; an article without
-- near-duplicates is its own story.
INSERT INTO staging.bridge_article_story BY NAME
SELECT
    linked.article_key,
    coalesce(grouped.story_key, linked.article_key) AS story_key,
    $method_version::UTINYINT AS method_version,
    $run_key::BIGINT AS run_key
FROM linked_article AS linked
LEFT JOIN grouped_article AS grouped USING (article_key)
LEFT JOIN main.bridge_article_story AS known
    ON
        linked.article_key = known.article_key
        AND known.method_version = $method_version
WHERE
    known.story_key IS DISTINCT FROM coalesce(grouped.story_key, linked.article_key);
