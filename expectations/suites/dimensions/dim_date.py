"""What must be true of each day."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, suite, true
from expectations.suites.dimensions.members import key_rules


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `dim_date`."""
    return suite(
        "dim_date",
        *key_rules("date_key"),
        true(
            "is_key_of_day",
            block(
                "key_is_a_day",
                "Every date key is its day written YYYYMMDD",
                "Look at the dates of transforms/extract_metadata/extract_metadata.py.",
            ),
        ),
    )
