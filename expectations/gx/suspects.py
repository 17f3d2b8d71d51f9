"""Which tables hold a row that fails anything: one question for all their suites.

Great Expectations takes some thirty milliseconds to get ready for each expectation,
however small the table, and nearly always all hold. So it is first asked, by its
expectation on the rows of a query, for the tables in which any row fails any rule;
expectations are held against those one by one.
"""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from great_expectations import ExpectationSuite
from great_expectations import expectations as gx
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.expectations import Expectation

from expectations.rules.vocabulary import is_tolerant


def find_suspects(batch: Batch, suites: Mapping[str, ExpectationSuite]) -> set[str]:
    """Tables of which a row may fail an expectation; all, if they cannot be asked.

    A table that is not among them fulfils its suite, but for the expectations that are
    tolerant, which nothing is said of.

    Args:
        batch: Of the first table.
        suites: By the table that each is about.
    """
    first = next(iter(suites))
    tables = {name: sa.table("{batch}" if name == first else name) for name in suites}
    asked = [
        sa.select(sa.literal(name).label("name")).select_from(failing).limit(1)
        for name, suite in suites.items()
        for failing in _failing(tables[name], suite)
    ]
    query = " UNION ALL ".join(f"({_rendered(select)})" for select in asked)
    outcome = batch.validate(
        gx.UnexpectedRowsExpectation(unexpected_rows_query=query),
        result_format="COMPLETE",
    )
    if outcome.success:
        return set()
    details = outcome.result.get("details", {})
    named = {row["name"] for row in details.get("unexpected_rows", ())}
    return named or set(suites)


def _failing(table: sa.TableClause, suite: ExpectationSuite) -> Iterator[sa.FromClause]:
    """Rows of a table that fail something, or groups of them."""
    strict = [e for e in suite.expectations if not is_tolerant(e)]
    conditions = []
    for expectation in strict:
        columns = _unique_columns(expectation)
        if columns:
            count = sa.func.count() > 1
            groups = sa.select(*columns).select_from(table).group_by(*columns)
            yield groups.having(count).subquery()
        else:
            conditions.append(_condition(expectation))
    if conditions:
        failing = sa.select(sa.literal(1).label("failing")).select_from(table)
        yield failing.where(sa.or_(*conditions)).subquery()


def _unique_columns(expectation: Expectation) -> list[sa.ColumnClause[object]]:
    if isinstance(expectation, gx.ExpectColumnValuesToBeUnique):
        return [sa.column(str(expectation.column))]
    if isinstance(expectation, gx.ExpectCompoundColumnsToBeUnique):
        return [sa.column(str(name)) for name in expectation.column_list]
    return []


def _condition(expectation: Expectation) -> sa.ColumnElement[bool]:
    """What is true of a row that fails; of every row, where that is not known here."""
    if isinstance(expectation, gx.ExpectColumnPairValuesToBeEqual):
        return sa.column(str(expectation.column_A)) != sa.column(
            str(expectation.column_B)
        )
    if isinstance(expectation, gx.ExpectColumnValuesToNotBeNull):
        return sa.column(str(expectation.column)).is_(None)
    if isinstance(expectation, gx.ExpectColumnValuesToBeInSet):
        return sa.column(str(expectation.column)).not_in(expectation.value_set)
    if isinstance(expectation, gx.ExpectColumnValuesToBeBetween):
        column: sa.ColumnClause[float] = sa.column(str(expectation.column))
        low, high = expectation.min_value, expectation.max_value
        bounds = [] if low is None else [column < low]
        return sa.or_(sa.false(), *bounds, *([] if high is None else [column > high]))
    return sa.true()


def _rendered(select: sa.Select[str]) -> str:
    """SQL with its values written out, braces and colons in them taken as they are."""
    written = str(select.compile(compile_kwargs={"literal_binds": True}))
    escaped = written.replace("{", "{{").replace("}", "}}").replace(":", r"\:")
    return escaped.replace('"{{batch}}"', "{batch}")
