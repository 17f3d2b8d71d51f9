"""How a table fares with each expectation of its suite: does it hold, how often not?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from great_expectations import ExpectationSuite
from great_expectations import expectations as gx
from great_expectations.core.expectation_validation_result import (
    ExpectationValidationResult,
)
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.expectations import Expectation

from expectations.rules.vocabulary import (
    Consequence,
    Rule,
    is_tolerant,
    rule_of,
)
from transforms.errors import AuditBrokenError

# Counts alone: without values, Great Expectations has no sample to cut short.
_COUNTS: Final[dict[str, Any]] = {
    "result_format": "BASIC",
    "partial_unexpected_count": 0,
}
_PAIRS_SHOWN: Final = 3


@dataclass(frozen=True)
class Judgement:
    """What Great Expectations says of a table by one expectation.

    Attributes:
        rule: What was asked.
        success: It holds, within its tolerance.
        row_count: Rows of the table.
        failing_count: Rows of which it does not hold.
        failing_query: SQL that selects those rows, the key of what is held back and
            the value that fails; empty but for a rule that holds something back.
        examples: Of a rule that compares two columns, what the first failing rows hold.
    """

    rule: Rule
    success: bool
    row_count: int
    failing_count: int
    failing_query: str = ""
    examples: str = ""

    @property
    def observed(self) -> str:
        """How many rows fail, and what the first of them hold where that says why."""
        count = f"{self.failing_count} of {self.row_count}"
        return f"{count} ({self.examples})" if self.examples else count


def judge(
    batch: Batch, suite: ExpectationSuite, row_count: int, *, is_suspect: bool = True
) -> Iterator[Judgement]:
    """Judge a table by a suite, one judgement per expectation, in its order.

    Asked first is only whether each holds, a quarter cheaper than with counts: a rule
    without tolerance that holds fails in no row.

    Args:
        batch: All rows of the table, with the columns that the expectations ask for.
        suite: Made by `expectations.rules.vocabulary.suite`.
        row_count: Rows of the table.
        is_suspect: Some row may fail a rule without tolerance.

    Raises:
        AuditBrokenError: An expectation could not be evaluated.
    """
    fails: set[str] = set()
    if is_suspect:
        outcomes = batch.validate(suite, result_format="BOOLEAN_ONLY").results
        fails = {_code(outcome) for outcome in outcomes if not _holds(outcome)}
    for expectation in suite.expectations:
        rule = rule_of(expectation)
        if rule.code not in fails and not is_tolerant(expectation):
            yield Judgement(rule, success=True, row_count=row_count, failing_count=0)
            continue
        asked = dict(_COUNTS)
        if rule.consequence == Consequence.QUARANTINE:
            asked["return_unexpected_index_query"] = True
            asked["unexpected_index_column_names"] = [rule.held_by]
        if isinstance(expectation, gx.ExpectColumnPairValuesToBeEqual):
            asked["partial_unexpected_count"] = _PAIRS_SHOWN
        outcome = _evaluated(batch.validate(expectation, result_format=asked))
        yield Judgement(
            rule,
            success=bool(outcome.success),
            row_count=int(outcome.result["element_count"]),
            failing_count=int(outcome.result["unexpected_count"] or 0),
            failing_query=outcome.result.get("unexpected_index_query", "").rstrip(";"),
            examples=_examples(expectation, outcome),
        )


def _examples(expectation: Expectation, outcome: ExpectationValidationResult) -> str:
    """Both columns by name, and what they hold in the first failing rows."""
    if not isinstance(expectation, gx.ExpectColumnPairValuesToBeEqual):
        return ""
    names = (expectation.column_A, expectation.column_B)
    return "; ".join(
        ", ".join(f"{name} {value}" for name, value in zip(names, pair, strict=True))
        for pair in outcome.result["partial_unexpected_list"]
    )


def _code(outcome: ExpectationValidationResult) -> str:
    assert outcome.expectation_config is not None
    code: str = outcome.expectation_config.meta["code"]
    return code


def _holds(outcome: ExpectationValidationResult) -> bool:
    return bool(_evaluated(outcome).success)


def _evaluated(outcome: ExpectationValidationResult) -> ExpectationValidationResult:
    """The same outcome, where rows may fail but the asking did not."""
    info: dict[str, Any] = outcome.exception_info
    # One entry per metric, or the entry itself when no metric is to blame.
    for entry in [info] if "raised_exception" in info else info.values():
        if entry["raised_exception"]:
            raise AuditBrokenError(_code(outcome), str(entry["exception_message"]))
    return outcome
