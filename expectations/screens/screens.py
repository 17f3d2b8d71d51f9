"""The screens: what is judged, as narrow temporary tables made by one SQL file each.

A screen has a row per thing to judge, lengths instead of texts, and yes-or-no answers
where a rule needs other tables.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.resources import files
from typing import Any, Final

import duckdb

from expectations.screens.staged_texts import QUOTE_VIEW, TEXT_TABLES, read_texts
from transforms.errors import AuditBrokenError

_SCREENS_OF_TEXTS: Final = frozenset(
    {
        *("dim_document", "document_segment", "fact_evidence"),
        *("fact_mention", "fact_quantity"),
    }
)


@contextmanager
def make_screens(
    connection: duckdb.DuckDBPyConnection,
    names: Sequence[str],
    parameters: dict[str, Any],
) -> Iterator[list[str]]:
    """Make one temporary table per screen, and remove them after the block.

    Args:
        connection: Open, holding the schemas staging and main.
        names: Of files in `sql/`, without their ending.
        parameters: What these files name by `$`; a file takes what it names.

    Yields:
        Names of the tables, in the order of the screens.

    Raises:
        AuditBrokenError: A table or column that a screen needs is not there.
    """
    tables = [f"screen_{name}" for name in names]
    try:
        if _SCREENS_OF_TEXTS & set(names):
            with _broken_if_sql_fails("texts"):
                read_texts(connection)
        for name, table in zip(names, tables, strict=True):
            with _broken_if_sql_fails(name):
                _make_screen(connection, name, table, parameters)
        yield tables
    finally:
        # After an SQL error only the owner's rollback helps, and it drops them too.
        with suppress(duckdb.TransactionException):
            connection.execute(f"DROP VIEW IF EXISTS temp.{QUOTE_VIEW}")
            for table in (*tables, *TEXT_TABLES):
                connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


@contextmanager
def _broken_if_sql_fails(name: str) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise AuditBrokenError(name, str(error)) from error


def _make_screen(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    table: str,
    parameters: dict[str, Any],
) -> None:
    file = files("expectations.screens").joinpath("sql", f"{name}.sql")
    select = file.read_text("utf-8")
    named = connection.extract_statements(select)[0].named_parameters
    given = {key: parameters[key] for key in named}
    described = connection.execute(f"DESCRIBE {select}", given).fetchall()
    # A question that SQL answers with null was not answered with yes.
    columns = ", ".join(
        f"coalesce({column}, false) AS {column}" if kind == "BOOLEAN" else column
        for column, kind, *_ in described
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS "  # noqa: S608  ours
        f"SELECT {columns} FROM ({select})",
        given,
    )
