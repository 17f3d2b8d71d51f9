"""What must be true of what was held back before the audit."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, one_of, present, suite, true
from transforms.contracts import ReasonCode


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `quarantine`."""
    return suite(
        "quarantine",
        present(
            "reason_code",
            block(
                "reason_present",
                "Nothing is held back without a reason",
                "Give the reject a ReasonCode where it is made.",
            ),
        ),
        one_of(
            "reason_code",
            [reason.value for reason in ReasonCode],
            block(
                "reason_known",
                "Reasons come from a closed list",
                "Add the reason to ReasonCode in transforms/contracts.py.",
            ),
        ),
        present(
            "stage",
            block(
                "stage_present",
                "What is held back says by which stage",
                "Name the stage where the reject is made.",
            ),
        ),
        true(
            "is_span_sound",
            block(
                "span_sound",
                "A held span has a start before its end",
                "Look at the stage that made it.",
            ),
        ),
    )
