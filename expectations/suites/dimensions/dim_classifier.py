"""What must be true of each classifier version."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, suite, true
from expectations.suites.dimensions.members import collision_rule, key_rules


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `dim_classifier`."""
    return suite(
        "dim_classifier",
        *key_rules("classifier_key"),
        true(
            "is_weights_sha256_given",
            block(
                "weights_known",
                "A version is tied to its weights by their SHA-256",
                "Fit the classifier again with `newsmill train`.",
            ),
        ),
        true(
            "is_macro_f1_a_share",
            block(
                "macro_f1_in_range",
                "The macro F1 of a version is between 0 and 1",
                "Measure the classifier again with `newsmill evaluate`.",
            ),
        ),
        collision_rule(),
    )
