"""What must be true of each publisher."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import suite, true, warn
from expectations.suites.dimensions.members import collision_rule, key_rules, name_rule


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `dim_source`."""
    return suite("dim_source", *key_rules("source_key"), name_rule(), collision_rule())


def build_silence(limits: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `silent_source`."""
    return suite(
        "dim_source",
        true(
            "is_heard",
            warn(
                "heard_lately",
                "A source that had news on nearly every day still has some, or has "
                f"had none for less than {limits.silent_min_days} days or for more "
                f"than {limits.silent_max_days}",
                "`FROM silent_source` names it: is its digest still delivered and "
                "read, or is it spelled otherwise now?",
            ),
        ),
    )
