"""What must be true of what became of the paths that a run found."""

from typing import Final

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, one_of, suite, true, unique, warn
from transforms.contracts import PathOutcome

_LOOK: Final = "Look at build_path_outcome in transforms/star/path_outcome.py."


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `path_outcome`."""
    return suite(
        "path_outcome",
        unique(
            ["run_key", "path"],
            warn(
                "path_unique",
                "Every path of a run is shown otherwise than the others",
                "Two names that differ in bytes that are no text: rename one.",
            ),
        ),
        one_of(
            "outcome",
            [outcome.value for outcome in PathOutcome],
            block(
                "outcome_known",
                "Outcomes come from a closed list",
                "Add the outcome to PathOutcome in transforms/contracts.py.",
            ),
        ),
        true(
            "is_reason_given",
            block(
                "reason_given",
                "A path has a reason if, and only if, it is held back",
                _LOOK,
            ),
        ),
        true(
            "is_document_resolved",
            block(
                "document_resolves",
                "What is said to be loaded, known, or a copy of it is a document",
                "Compare staging.path_outcome with staging.dim_document.",
            ),
        ),
        true(
            "is_copy_resolved",
            block(
                "copy_resolves",
                "A copy has the bytes and the fate of a path of the same run",
                _LOOK,
            ),
        ),
        true(
            "is_run_resolved",
            block(
                "run_resolves",
                "Every path was found by a run",
                "The run's own row must be staged before the audit.",
            ),
        ),
    )
