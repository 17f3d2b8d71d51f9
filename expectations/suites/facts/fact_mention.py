"""What must be true of mentions of places, persons, and organisations."""

from great_expectations import ExpectationSuite

from expectations.rules.quoted_spans import BATCHES_MIXED, none_of, span_rules
from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import suite

_LOOK = "Look at transforms/extract_content/extract_content.py."


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `fact_mention`."""
    return suite(
        "fact_mention",
        *span_rules("mention"),
        none_of(
            "unresolved_places",
            "place_resolves",
            "Every place that is mentioned is in dim_place",
            BATCHES_MIXED,
        ),
        none_of(
            "unresolved_actors",
            "actor_resolves",
            "Every person and organisation that is mentioned is in dim_actor",
            BATCHES_MIXED,
        ),
        none_of(
            "mentions_of_nothing",
            "member_given",
            "A mention is of a place, or of a person or organisation, as its kind says",
            "Its name is not among PLACES or ACTORS; look at build_fact_mention.",
        ),
        none_of("unknown_kinds", "kind_known", "The kind is one of the list", _LOOK),
        none_of("unknown_roles", "role_known", "The role is one of the list", _LOOK),
        none_of(
            "scores_out_of_range",
            "score_in_range",
            "Scores lie between 0 and 1",
            _LOOK,
        ),
    )
