"""What must be true of the run whose rows are judged."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, present, suite, true, unique, warn
from expectations.suites.dimensions.members import key_rules


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `dim_run`."""
    return suite(
        "dim_run",
        *key_rules("run_key"),
        present(
            "run_id",
            block("id_present", "Every run has an identity", "Look at new_run."),
        ),
        unique(
            ["run_id"],
            block("id_unique", "One row per run", "The run was staged twice."),
        ),
        true(
            "is_start_plausible",
            warn(
                "started_by_now",
                "A run starts on the day that it is said to be of",
                "The machine's clock went back; orders by run_key stay right.",
            ),
        ),
        true(
            "is_sum_of_characters_right",
            block(
                "characters_add_up",
                "Articles, separators, and what was held back make up all characters",
                "A stage lost or counted twice; the run's summary says which part.",
            ),
        ),
        true(
            "is_every_path_accounted",
            block(
                "paths_add_up",
                "Every path that the run found has one outcome",
                "Compare staging.path_outcome with what discover found.",
            ),
        ),
        true(
            "is_count_of_characters_right",
            block(
                "characters_counted",
                "The run counts the characters that its documents and spans have",
                "Compare the run's counts with staging.dim_document.",
            ),
        ),
    )
