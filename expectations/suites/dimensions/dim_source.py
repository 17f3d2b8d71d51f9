"""What must be true of each publisher."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import suite
from expectations.suites.dimensions.members import collision_rule, key_rules, name_rule


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `dim_source`."""
    return suite("dim_source", *key_rules("source_key"), name_rule(), collision_rule())
