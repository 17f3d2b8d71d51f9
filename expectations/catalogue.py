"""Which rules there are, by their codes, without judging anything."""

from typing import Final

from expectations.rules.thresholds import DEFAULT
from expectations.rules.vocabulary import Rule, rule_of
from expectations.suites.all_suites import SUITES

# These compare what is new with what was there before; published rows are both.
_OF_NEW_ROWS: Final = (
    "dim_run.characters_counted",
    "dim_document.article_count_usual",
    "fact_classification.label_mix_steady",
)
_ENDING_OF_NEW_ROWS: Final = ".key_free_of_collision"


def all_rules() -> list[Rule]:
    """The rules of every suite, in the order of the suites."""
    return [
        rule_of(expectation)
        for build in SUITES.values()
        for expectation in build(DEFAULT).expectations
    ]


def standing_codes() -> list[str]:
    """Codes of the rules that must hold of published rows too, on any later day."""
    return [
        rule.code
        for rule in all_rules()
        if rule.code not in _OF_NEW_ROWS and not rule.code.endswith(_ENDING_OF_NEW_ROWS)
    ]
