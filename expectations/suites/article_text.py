"""What must be true of each new text."""

from great_expectations.core.expectation_suite import ExpectationSuite

from expectations.checks import block, present, suite, true
from expectations.suites.members import key_rules
from expectations.thresholds import Thresholds


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `article_text`."""
    return suite(
        "article_text",
        *key_rules("article_key", "text"),
        present(
            "body_chars",
            block("body_present", "Every text is one", "Look at transforms/clean.py."),
        ),
        true(
            "is_article_resolved",
            block(
                "article_resolves",
                "Every text is the one of a new article",
                "Rows of different batches were mixed; look at build_star.",
            ),
        ),
    )
