"""What must be true of the stories of the articles that a run loads or moves."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, suite, true


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `bridge_article_story`."""
    return suite(
        "bridge_article_story",
        true(
            "is_in_one_story",
            block(
                "article_in_one_story",
                "Every article is in exactly one story",
                "Look at warehouse/sql/link/stories.sql for that article.",
            ),
        ),
        true(
            "is_article_resolved",
            block(
                "article_resolves",
                "Every member of a story is an article",
                "Stories must be linked again after articles were set aside.",
            ),
        ),
        true(
            "is_story_resolved",
            block(
                "story_resolves",
                "Every story is named by the key of an article",
                "Look at group_stories in transforms/deduplicate/near_duplicates.py.",
            ),
        ),
    )
