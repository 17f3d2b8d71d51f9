"""What must be true of counted claims."""

from great_expectations import ExpectationSuite

from expectations.rules.quoted_spans import BATCHES_MIXED, none_of, span_rules
from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import suite

_LOOK = "Look at transforms/extract_content/quantities/."


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `fact_quantity`."""
    return suite(
        "fact_quantity",
        *span_rules("claim"),
        none_of(
            "unresolved_places",
            "place_resolves",
            "The place of a claim is in dim_place",
            BATCHES_MIXED,
        ),
        none_of("unknown_types", "type_known", "The type is one of the list", _LOOK),
        none_of(
            "disordered_values",
            "values_in_order",
            "A claim has a finite number, and the lower one is not the greater",
            _LOOK,
        ),
        none_of(
            "stray_currencies",
            "currency_of_money",
            "Only money has a currency, a code of three letters",
            _LOOK,
        ),
        none_of(
            "speakers_nowhere",
            "speaker_at_a_span",
            "A speaker has a span, and a span a speaker",
            _LOOK,
        ),
    )
