"""What a query of a user may not name when the warehouse is a lake.

A lake needs extensions and the folder of its files. Their functions would reach other
databases, whatever DuckDB's own settings forbid, so a statement that names one of them,
or the catalogue's own tables, is refused before it runs.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import duckdb

from transforms.errors import UsageError
from warehouse.database.scripts import quoted_value
from warehouse.lake.address import LakeAddress

# Functions of the extensions, and those that run SQL which is not parsed yet.
_FORBIDDEN_STARTS: Final = (
    "ducklake_",
    "json_execute",
    "pg_clear",
    "postgres_",
    "query",
    "read_postgres",
    "sqlite_",
)
_CATALOGUE: Final = "__ducklake"
_PLAIN: Final = "A lake answers plain SELECTs; a PIVOT names its columns: ON x IN (...)"


def shut_ways_out(connection: duckdb.DuckDBPyConnection, lake: LakeAddress) -> None:
    """Let only the lake's own files be read; external access is shut after this."""
    connection.execute(f"SET allowed_directories = [{quoted_value(f'{lake.data}/')}]")


def refuse_reaching_out(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise when a statement names what reaches beyond the lake's tables.

    Raises:
        UsageError: Names it; also when the statement is not a plain SELECT.
    """
    row = connection.execute(
        "SELECT json_serialize_sql(?::VARCHAR)::VARCHAR", [sql]
    ).fetchone()
    assert row is not None
    tree = json.loads(row[0])
    if tree["error"]:
        raise UsageError(f"query: {tree['error_message']}", _PLAIN)
    for name, value in _named(tree["statements"]):
        is_function = name == "function_name" and value.startswith(_FORBIDDEN_STARTS)
        is_catalogue = name != "function_name" and value.startswith(_CATALOGUE)
        if is_function or is_catalogue:
            raise UsageError(
                f"query: {value} reaches beyond the warehouse's tables",
                "Queries read the tables and views of the warehouse",
            )


def _named(node: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a JSON tree
    """Every name of a table, schema, catalogue, or function in a parsed statement."""
    if isinstance(node, list):
        for item in node:
            yield from _named(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and key in _NAMES:
                yield key, value.lower()
            else:
                yield from _named(value)


_NAMES: Final = frozenset(
    {"function_name", "catalog_name", "schema_name", "table_name", "catalog", "schema"}
)
