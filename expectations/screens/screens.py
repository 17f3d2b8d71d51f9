"""The screens: tables of failing rows, made once by SQL before any expectation asks."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.resources import files
from typing import Any, Final

import duckdb

from expectations.screens.staged_texts import FOUND, read_texts
from transforms.errors import NewsmillError

# Screens that ask what the texts are like.
_READ_TEXTS: Final = frozenset({"dim_document", "document_segment", "fact_evidence"})


class AuditBrokenError(NewsmillError):
    """The audit itself could not run; says nothing about the data."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail

    def __str__(self) -> str:
        return f"audit: {self.code} could not be checked: {self.detail}"


@contextmanager
def _screens(
    connection: duckdb.DuckDBPyConnection,
    screens: Sequence[str],
    given: dict[str, Any],
) -> Iterator[list[str]]:
    """Make one temporary table per screen, and remove them after."""
    try:
        if _READ_TEXTS & set(screens):
            _read_texts(connection)
        for name in screens:
            _make_screen(connection, name, given)
        yield [f"screen_{name}" for name in screens]
    finally:
        # After an SQL error only the owner's rollback helps, and it drops them too.
        with suppress(duckdb.TransactionException):
            for name in [*(f"screen_{name}" for name in screens), *FOUND]:
                connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _read_texts(connection: duckdb.DuckDBPyConnection) -> None:
    try:
        read_texts(connection)
    except duckdb.Error as error:
        raise AuditBrokenError("texts", str(error)) from error


def _make_screen(
    connection: duckdb.DuckDBPyConnection, name: str, given: dict[str, Any]
) -> None:
    select = (
        files("expectations.screens").joinpath("sql", f"{name}.sql").read_text("utf-8")
    )
    names = connection.extract_statements(select)[0].named_parameters
    wanted = {key: given[key] for key in names}
    try:
        described = connection.execute(f"DESCRIBE {select}", wanted).fetchall()
        # A question that SQL answers with null was not answered with yes.
        columns = ", ".join(
            f"coalesce({column}, false) AS {column}" if kind == "BOOLEAN" else column
            for column, kind, *_ in described
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE screen_{name} AS "  # noqa: S608  ours
            f"SELECT {columns} FROM ({select})",
            wanted,
        )
    except duckdb.Error as error:
        raise AuditBrokenError(name, str(error)) from error
