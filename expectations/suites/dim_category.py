"""What must be true of each category."""

from great_expectations.core.expectation_suite import ExpectationSuite

from expectations.checks import block, suite, true
from expectations.suites.members import collision_rule, key_rules
from expectations.thresholds import Thresholds


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `dim_category`."""
    return suite(
        "dim_category",
        *key_rules("category_key"),
        true(
            "is_code_known",
            block(
                "code_known",
                "A category is one of the five",
                "A new one needs weights, a definition, and a place in CATEGORY_CODES.",
            ),
        ),
        collision_rule(),
    )
