"""The vocabulary of the suites: a rule, and what follows when it does not hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.expectations.core.expect_column_values_to_be_between import (
    ExpectColumnValuesToBeBetween,
)
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)
from great_expectations.expectations.core.expect_column_values_to_be_unique import (
    ExpectColumnValuesToBeUnique,
)
from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.core.expect_compound_columns_to_be_unique import (
    ExpectCompoundColumnsToBeUnique,
)
from great_expectations.expectations.expectation import Expectation


class Consequence(StrEnum):
    """What a failure leads to."""

    BLOCK = "block"  # nothing is published
    QUARANTINE = "quarantine"  # the failing articles are held back, the rest goes on
    WARN = "warn"  # it is reported


@dataclass(frozen=True)
class Rule:
    """How an expectation is known, and what to do when it fails.

    Attributes:
        code: Stable within its table; the table's name comes in front.
        says: The rule as a sentence.
        runbook: Where to look and what to do.
        consequence: What a failure leads to.
        severity: critical, warning, or info.
    """

    code: str
    says: str
    runbook: str
    consequence: Consequence
    severity: str

    def note(self) -> dict[str, Any]:
        """Keywords that every expectation of Great Expectations takes."""
        return {
            "description": self.says,
            "severity": self.severity,
            "meta": {
                "code": self.code,
                "consequence": self.consequence.value,
                "runbook": self.runbook,
            },
        }


def block(code: str, says: str, runbook: str) -> Rule:
    """Publish nothing when this fails."""
    return Rule(code, says, runbook, Consequence.BLOCK, "critical")


def quarantine(code: str, says: str, runbook: str) -> Rule:
    """Hold back the failing articles; the screen tells their `article_key`."""
    return Rule(code, says, runbook, Consequence.QUARANTINE, "warning")


def warn(code: str, says: str, runbook: str, severity: str = "warning") -> Rule:
    """Report it and go on."""
    return Rule(code, says, runbook, Consequence.WARN, severity)


def present(column: str, rule: Rule) -> Expectation:
    """No value is null."""
    return ExpectColumnValuesToNotBeNull(column=column, **rule.note())


def unique(columns: Sequence[str], rule: Rule) -> Expectation:
    """No value, or no combination of values, occurs twice."""
    if len(columns) == 1:
        return ExpectColumnValuesToBeUnique(column=columns[0], **rule.note())
    return ExpectCompoundColumnsToBeUnique(column_list=list(columns), **rule.note())


def true(column: str, rule: Rule, *, mostly: float = 1.0) -> Expectation:
    """The screen answers yes; an unknown answer counts as no."""
    return ExpectColumnValuesToBeInSet(
        column=column, value_set=[True], mostly=mostly, **rule.note()
    )


def between(
    column: str,
    rule: Rule,
    *,
    low: float | None = None,
    high: float | None = None,
    mostly: float = 1.0,
) -> Expectation:
    """Values lie in a closed range; null passes, so say `present` too."""
    return ExpectColumnValuesToBeBetween(
        column=column, min_value=low, max_value=high, mostly=mostly, **rule.note()
    )


def one_of(column: str, values: Sequence[str], rule: Rule) -> Expectation:
    """Values come from a closed list; null passes, so say `present` too."""
    return ExpectColumnValuesToBeInSet(
        column=column, value_set=list(values), **rule.note()
    )


def suite(table: str, *expectations: Expectation) -> ExpectationSuite:
    """Name the expectations of a table after it, and their codes too."""
    for expectation in expectations:
        assert expectation.meta is not None
        expectation.meta["code"] = f"{table}.{expectation.meta['code']}"
    return ExpectationSuite(name=table, expectations=list(expectations))
