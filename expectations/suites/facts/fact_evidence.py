"""What must be true of the quotes that speak for or against an article's labels."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import between, block, contain, suite, true

_MIXED = "Rows of different batches were mixed; look at build_star."


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `fact_evidence`."""
    return suite(
        "fact_evidence",
        true(
            "is_article_resolved",
            contain("article_resolves", "Every quote is about an article", _MIXED),
        ),
        true(
            "is_document_resolved",
            contain("document_resolves", "Every quote is from a document", _MIXED),
        ),
        between(
            "unresolved_categories",
            contain("category_resolves", "Every quote is about a category", _MIXED),
            high=0,
        ),
        between(
            "unresolved_classifiers",
            block(
                "classifier_resolves",
                "Every quote was found by a known classifier version",
                "The version's row must be staged with its evidence.",
            ),
            high=0,
        ),
        between(
            "wrong_quotes",
            contain(
                "quotes_equal_slices",
                "Every quote equals its slice of the document",
                "Offsets went astray between classify and locate; do not publish.",
            ),
            high=0,
        ),
        between(
            "quotes_outside",
            contain(
                "quotes_in_article",
                "Every quote lies in an appearance of its article",
                "Offsets went astray between classify and locate; do not publish.",
            ),
            high=0,
        ),
        between(
            "uncounted_contributions",
            contain(
                "contribution_finite",
                "Every contribution is a number",
                "The weights hold an infinite or missing value.",
            ),
            high=0,
        ),
    )
