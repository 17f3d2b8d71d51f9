"""What must be true of each publisher."""

from great_expectations.core.expectation_suite import ExpectationSuite

from expectations.checks import suite
from expectations.suites.members import collision_rule, key_rules, name_rule
from expectations.thresholds import Thresholds


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `dim_source`."""
    return suite("dim_source", *key_rules("source_key"), name_rule(), collision_rule())
