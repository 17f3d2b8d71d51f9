"""What must be true of each person and organisation."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, suite, true
from expectations.suites.dimensions.members import collision_rule, key_rules, name_rule


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `dim_actor`."""
    return suite(
        "dim_actor",
        *key_rules("actor_key"),
        name_rule(),
        true(
            "is_kind_known",
            block(
                "kind_known",
                "An actor is a person or an organisation",
                "Look at transforms/extract_content/actors/.",
            ),
        ),
        collision_rule(),
    )
