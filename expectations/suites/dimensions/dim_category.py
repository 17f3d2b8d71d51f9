"""What must be true of each category."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, suite, true
from expectations.suites.dimensions.members import collision_rule, key_rules


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
