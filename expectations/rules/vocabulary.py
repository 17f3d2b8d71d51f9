"""The vocabulary of the suites: a rule, and what follows when it does not hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from great_expectations import ExpectationSuite
from great_expectations import expectations as gx
from great_expectations.expectations import Expectation


class Consequence(StrEnum):
    """What a failure leads to."""

    BLOCK = "block"  # nothing is published
    QUARANTINE = "quarantine"  # what fails is held back, the rest goes on
    WARN = "warn"  # it is reported


@dataclass(frozen=True)
class Rule:
    """What an expectation is called, and what to do when it fails.

    Attributes:
        code: Stable within its table; a suite puts the table's name in front.
        description: The rule as a sentence.
        runbook: Where to look and what to do.
        consequence: What a failure leads to.
        severity: critical, warning, or info.
        held_by: Column of the screen that tells what is held back: `article_key` or
            `document_key`.
    """

    code: str
    description: str
    runbook: str
    consequence: Consequence
    severity: str
    held_by: str = "article_key"

    @property
    def is_critical_of_some(self) -> bool:
        """Whether it holds back what fails, and nothing is published if most does."""
        return (
            self.consequence == Consequence.QUARANTINE and self.severity == "critical"
        )

    def keywords(self) -> dict[str, Any]:
        """What every expectation of Great Expectations takes."""
        return {
            "description": self.description,
            "severity": self.severity,
            "meta": {
                "code": self.code,
                "consequence": self.consequence.value,
                "runbook": self.runbook,
                "held_by": self.held_by,
            },
        }


def rule_of(expectation: Expectation) -> Rule:
    """The rule that an expectation of these functions was made for."""
    meta, description = expectation.meta, expectation.description
    assert meta is not None
    assert description is not None
    return Rule(
        meta["code"],
        description,
        meta["runbook"],
        Consequence(meta["consequence"]),
        expectation.severity.value,
        meta["held_by"],
    )


def is_tolerant(expectation: Expectation) -> bool:
    """Whether some rows may fail."""
    tolerant: bool = getattr(expectation, "mostly", 1) < 1
    return tolerant


def block(code: str, description: str, runbook: str) -> Rule:
    """Publish nothing when this fails."""
    return Rule(code, description, runbook, Consequence.BLOCK, "critical")


def quarantine(code: str, description: str, runbook: str) -> Rule:
    """Hold back the failing articles; the screen tells their `article_key`."""
    return Rule(code, description, runbook, Consequence.QUARANTINE, "warning")


def contain(
    code: str, description: str, runbook: str, *, held_by: str = "article_key"
) -> Rule:
    """Hold back what fails like `quarantine`; publish nothing when most of it does.

    For rules that never fail unless Newsmill itself is wrong, about an article or, held
    by `document_key`, about a document.
    """
    return Rule(code, description, runbook, Consequence.QUARANTINE, "critical", held_by)


def warn(code: str, description: str, runbook: str, severity: str = "warning") -> Rule:
    """Report it and go on."""
    return Rule(code, description, runbook, Consequence.WARN, severity)


def present(column: str, rule: Rule) -> Expectation:
    """No value is null."""
    return gx.ExpectColumnValuesToNotBeNull(column=column, **rule.keywords())


def unique(columns: Sequence[str], rule: Rule) -> Expectation:
    """No value, or no combination of values, occurs twice."""
    if len(columns) == 1:
        return gx.ExpectColumnValuesToBeUnique(column=columns[0], **rule.keywords())
    return gx.ExpectCompoundColumnsToBeUnique(
        column_list=list(columns), **rule.keywords()
    )


def true(column: str, rule: Rule, *, mostly: float = 1.0) -> Expectation:
    """The screen answers yes; an unknown answer counts as no."""
    return gx.ExpectColumnValuesToBeInSet(
        column=column, value_set=[True], mostly=mostly, **rule.keywords()
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
    return gx.ExpectColumnValuesToBeBetween(
        column=column, min_value=low, max_value=high, mostly=mostly, **rule.keywords()
    )


def equal(column: str, other: str, rule: Rule) -> Expectation:
    """Two columns hold the same; null in either passes."""
    return gx.ExpectColumnPairValuesToBeEqual(
        column_A=column,
        column_B=other,
        ignore_row_if="either_value_is_missing",
        **rule.keywords(),
    )


def one_of(column: str, values: Sequence[str], rule: Rule) -> Expectation:
    """Values come from a closed list; null passes, so say `present` too."""
    return gx.ExpectColumnValuesToBeInSet(
        column=column, value_set=list(values), **rule.keywords()
    )


def suite(table: str, *expectations: Expectation) -> ExpectationSuite:
    """Name the expectations of a table after it, and their codes too."""
    for expectation in expectations:
        assert expectation.meta is not None
        expectation.meta["code"] = f"{table}.{expectation.meta['code']}"
    return ExpectationSuite(name=table, expectations=list(expectations))
