"""What must be true of the quotes that speak for or against an article's labels."""

from great_expectations import ExpectationSuite

from expectations.rules.quoted_spans import BATCHES_MIXED, none_of, span_rules
from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import between, block, suite


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `fact_evidence`."""
    return suite(
        "fact_evidence",
        *span_rules("quote"),
        none_of(
            "unresolved_categories",
            "category_resolves",
            "Every quote is about a category",
            BATCHES_MIXED,
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
        none_of(
            "uncounted_contributions",
            "contribution_finite",
            "Every contribution is a number",
            "The weights hold an infinite or missing value.",
        ),
    )
