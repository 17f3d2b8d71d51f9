"""What is asked of the rows, without asking it: the rules by their codes."""

from dataclasses import dataclass
from typing import Final

from expectations.rules.thresholds import DEFAULT
from expectations.suites.all_suites import SUITES

# These judge what is new against what was there before; published rows are both.
_JUDGE_NEW_ROWS: Final = (
    "dim_run.characters_counted",
    "dim_document.article_count_usual",
    "fact_classification.label_mix_steady",
)
_JUDGES_NEW_ROWS: Final = ".key_free_of_collision"


@dataclass(frozen=True)
class RuleText:
    """A rule for its reader.

    Attributes:
        code: Table and name of the rule.
        description: The rule as a sentence.
        runbook: What to do when it does not hold.
    """

    code: str
    description: str
    runbook: str


def all_rules() -> list[RuleText]:
    """The rules of every suite, in the order of the suites."""
    return [
        RuleText(
            code=str(expectation.meta["code"]),
            description=str(expectation.description),
            runbook=str(expectation.meta["runbook"]),
        )
        for build in SUITES.values()
        for expectation in build(DEFAULT).expectations
        if expectation.meta
    ]


def standing_codes() -> list[str]:
    """Codes of the rules that must hold of published rows too, on any later day."""
    return [
        rule.code
        for rule in all_rules()
        if not rule.code.startswith(_JUDGE_NEW_ROWS)
        and not rule.code.endswith(_JUDGES_NEW_ROWS)
    ]
