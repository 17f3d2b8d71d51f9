"""What must be true of each place."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, suite, true
from expectations.suites.dimensions.members import collision_rule, key_rules, name_rule

_LOOK = "Look at the gazetteer of transforms/extract_content/places/."


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `dim_place`."""
    return suite(
        "dim_place",
        *key_rules("place_key"),
        name_rule(),
        true(
            "is_kind_known",
            block("kind_known", "The kind of a place is one of the list", _LOOK),
        ),
        true(
            "is_on_the_map",
            block(
                "coordinates_on_the_map",
                "A place has both coordinates, in their ranges, or none",
                _LOOK,
            ),
        ),
        true(
            "is_country_a_code",
            block("country_is_a_code", "Countries have codes of two letters", _LOOK),
        ),
        collision_rule(),
    )
