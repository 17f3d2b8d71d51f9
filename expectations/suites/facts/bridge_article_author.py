"""What must be true of the persons and desks that wrote each new article."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, contain, suite, true


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `bridge_article_author`."""
    return suite(
        "bridge_article_author",
        true(
            "is_article_resolved",
            block(
                "article_resolves",
                "Every author wrote an article that is loaded",
                "Compare staging.bridge_article_author with staging.fact_article.",
            ),
        ),
        true(
            "is_author_resolved",
            contain(
                "author_resolves",
                "Every author is in dim_author",
                "build_star left a member out; compare staging with the dimension.",
            ),
        ),
        true(
            "is_author_unique",
            contain(
                "author_unique",
                "No author wrote an article twice",
                "Look at find_persons in transforms/extract_metadata/bylines.py.",
            ),
        ),
        true(
            "is_ordinal_in_order",
            contain(
                "ordinal_in_order",
                "Authors are counted from 1 without a gap",
                "Look at build_bridge_article_author in transforms/star/dimensions.py.",
            ),
        ),
        true(
            "is_first_the_articles",
            contain(
                "first_is_the_articles",
                "The first author is the one of fact_article",
                "Compare build_fact_article with build_bridge_article_author.",
            ),
        ),
    )
