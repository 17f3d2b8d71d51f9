"""What must be true of each place."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import suite
from expectations.suites.dimensions.members import collision_rule, key_rules, name_rule


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `dim_place`."""
    return suite("dim_place", *key_rules("place_key"), name_rule(), collision_rule())
