"""What must be true of the labels of an article by one classifier version."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import between, block, contain, suite, true, warn
from transforms.contracts import CATEGORY_CODES

_LOOK = "Look at the scores of transforms/classify/classify.py for that article."


def build(limits: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `fact_classification`."""
    tolerance = limits.weight_sum_tolerance
    return suite(
        "fact_classification",
        true(
            "is_article_resolved",
            contain("article_resolves", "Every label is one of an article", _LOOK),
        ),
        true(
            "is_classifier_resolved",
            block(
                "classifier_resolves",
                "Every label was given by a known classifier version",
                "The version's row must be staged with its labels.",
            ),
        ),
        between(
            "unresolved_categories",
            contain(
                "category_resolves",
                "Every label is a known category",
                "The weights know a label that dim_category does not.",
            ),
            high=0,
        ),
        between(
            "unresolved_runs",
            block(
                "run_resolves",
                "Every label was given in a run",
                "The run's own row must be staged before the audit.",
            ),
            high=0,
        ),
        between(
            "labels",
            contain(
                "all_categories_scored",
                "Every article has a score for each category, or is unclassified",
                _LOOK,
            ),
            low=len(CATEGORY_CODES),
        ),
        true(
            "is_free_of_contradiction",
            contain(
                "other_stands_alone",
                "No article has a label beside other, or beside being unclassified",
                _LOOK,
            ),
        ),
        between(
            "repeated_labels",
            contain(
                "label_unique",
                "One row per article, category, and classifier version",
                "The labels were staged twice.",
            ),
            high=0,
        ),
        between(
            "primary_labels",
            contain(
                "one_primary_label",
                "Exactly one label of an article is primary",
                _LOOK,
            ),
            low=1,
            high=1,
        ),
        between(
            "unassigned_primaries",
            contain("primary_is_assigned", "The primary label is assigned", _LOOK),
            high=0,
        ),
        between(
            "weight_sum",
            contain(
                "weights_sum_to_one",
                "The weights of an article's labels sum to 1",
                _LOOK,
            ),
            low=1 - tolerance,
            high=1 + tolerance,
        ),
        between(
            "wrong_weights",
            contain("weights_in_range", "Weights are between 0 and 1", _LOOK),
            high=0,
        ),
        between(
            "wrong_scores",
            contain("scores_in_range", "Scores are between 0 and 1", _LOOK),
            high=0,
        ),
    )


def build_label_mix(limits: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `label_mix`."""
    return suite(
        "fact_classification",
        between(
            "share_change",
            warn(
                "label_mix_steady",
                "No category's share moved by more than "
                f"{limits.label_mix_max_change:.0%} against the last "
                f"{limits.label_mix_days} days",
                "New sources, real news, or a drifting classifier? Compare by source.",
            ),
            low=-limits.label_mix_max_change,
            high=limits.label_mix_max_change,
        ),
    )
