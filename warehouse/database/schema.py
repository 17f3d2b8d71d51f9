"""The schema of a warehouse: made fresh, brought up to date, and checked.

A fresh warehouse is what `sql/tables` and `sql/views` say, with the rows of
`sql/migrations/0001_baseline.sql`; each later file there brings an older warehouse to
the same state, and its number is the version of the schema.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import duckdb

from transforms.errors import WarehouseUnusableError
from warehouse.database.scripts import quoted_name, quoted_value, read_scripts

SCHEMAS: Final = ("quality", "ops")
STAGED_TABLES: Final = {
    "dim_run": "main.dim_run",
    "dim_source": "main.dim_source",
    "dim_author": "main.dim_author",
    "dim_place": "main.dim_place",
    "dim_actor": "main.dim_actor",
    "dim_date": "main.dim_date",
    "dim_category": "main.dim_category",
    "dim_classifier": "main.dim_classifier",
    "dim_document": "ops.document",
    "document_segment": "main.document_segment",
    "fact_article": "main.fact_article",
    "bridge_article_author": "main.bridge_article_author",
    "fact_occurrence": "main.fact_occurrence",
    "fact_classification": "main.fact_classification",
    "fact_evidence": "main.fact_evidence",
    "fact_mention": "main.fact_mention",
    "fact_quantity": "main.fact_quantity",
    "article_signature": "ops.article_signature",
    "fact_article_pair": "main.fact_article_pair",
    "bridge_article_story": "main.bridge_article_story",
    "dim_expectation": "quality.dim_expectation",
    "fact_validation": "quality.fact_validation",
    "quarantine": "quality.quarantine",
    "document_arrival": "ops.document_arrival",
    "path_outcome": "quality.path_outcome",
}

_COLUMNS: Final = """
    SELECT concat_ws('.', schema_name, table_name, column_name), data_type
    FROM duckdb_columns()
    WHERE database_name = current_database() AND NOT internal
        AND table_name IN (SELECT table_name FROM duckdb_tables())
"""


def current_version() -> int:
    """Number of the newest migration that this Newsmill knows."""
    return max(int(name[:4]) for name in read_scripts("migrations"))


def create_warehouse(connection: duckdb.DuckDBPyConnection) -> None:
    """Make all schemas, tables, and views in an empty database, in one transaction."""
    connection.execute("BEGIN")
    create_tables(connection, connection.execute)
    create_views(connection)
    connection.execute("COMMIT")


def create_tables(
    connection: duckdb.DuckDBPyConnection, execute: Callable[[str], object]
) -> None:
    """Make all schemas and tables, and the rows of the baseline.

    Args:
        connection: To an empty database, in a transaction.
        execute: Runs a script of ours there.
    """
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for script in read_scripts("tables").values():
        execute(script)
    migrations = read_scripts("migrations")
    execute(next(iter(migrations.values())))
    # The tables are of the newest version already.
    for name in migrations:
        _record_migration(connection, name)


def create_staging(connection: duckdb.DuckDBPyConnection) -> None:
    """Attach an empty database `staging` with a table for each one that is loaded.

    It is in memory and spills to the temporary folder, so that candidate rows never
    become part of the published file.
    """
    connection.execute("ATTACH ':memory:' AS staging")
    for staged, table in STAGED_TABLES.items():
        connection.execute(f"CREATE TABLE staging.{staged} AS FROM {table} LIMIT 0")


def applied_version(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Number of the newest migration of this warehouse; None when it is not ours."""
    try:
        row = connection.execute(
            "SELECT max(version) FROM ops.schema_migration"
        ).fetchone()
    except (duckdb.CatalogException, duckdb.BinderException):
        return None
    return row[0] if row else None


def migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Apply what is missing in one transaction; tables of the user stay as they are.

    Raises:
        WarehouseUnusableError: It lacks what a warehouse of its version has.
    """
    connection.execute("BEGIN")
    try:
        apply_migrations(connection, connection.execute)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        reason = str(error).partition("\n")[0]
        raise WarehouseUnusableError(
            str(path), f"its schema was changed: {reason}"
        ) from error
    connection.execute("COMMIT")


def apply_migrations(
    connection: duckdb.DuckDBPyConnection, execute: Callable[[str], object]
) -> None:
    """Apply what is missing, in the transaction that is open.

    Migrations change the tables that are there; those that are new to this warehouse
    are then made by `sql/tables`.

    Args:
        connection: To the warehouse.
        execute: Runs a script of ours there.
    """
    done = applied_version(connection) or 0
    missing = {
        name: script
        for name, script in read_scripts("migrations").items()
        if int(name[:4]) > done
    }
    if not missing:
        return
    for name, script in missing.items():
        execute(script)
        _record_migration(connection, name)
    for script in read_scripts("tables").values():
        execute(script)
    _sign_keys(connection, execute)


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make all views anew."""
    for script in view_statements():
        connection.execute(script)


def view_statements() -> list[str]:
    """SQL of all views, in an order in which they can be made."""
    views = read_scripts("views")
    # Some views read others, and no name says which.
    return [views[name] for name in dict.fromkeys([*_FIRST_VIEWS, *views])]


def find_differences(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Columns that the newest schema has and this warehouse lacks or types otherwise.

    What the warehouse has beyond that is its owner's.
    """
    expected, got = _expected_columns(), _columns(connection)
    return [
        f"column {column}: got {got.get(column, 'none')}, expected {kind}"
        for column, kind in sorted(expected.items())
        if got.get(column) != kind
    ]


def our_tables() -> dict[str, list[str]]:
    """Columns of each table of the newest schema, in name order, by `schema.table`."""
    return _by_table(_expected_columns())


def tables_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The same of a warehouse, with what its owner has added."""
    return _by_table(_columns(connection))


def _by_table(columns: Iterable[str]) -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    for column in sorted(columns):
        table, _, name = column.rpartition(".")
        tables.setdefault(table, []).append(name)
    return tables


@cache
def _expected_columns() -> dict[str, str]:
    with duckdb.connect(":memory:") as fresh:
        create_tables(fresh, fresh.execute)
        return _columns(fresh)


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Type of each column of each table, by `schema.table.column`."""
    return dict(connection.execute(_COLUMNS).fetchall())


_FIRST_VIEWS: Final = (
    "article_state",
    "assembled",
    "article_text",
    "article",
    "article_category",
    "search_term",
)


def _sign_keys(
    connection: duckdb.DuckDBPyConnection, execute: Callable[[str], object]
) -> None:
    """Make tables anew whose keys are unsigned still; columns of the user stay.

    A type is not changed in place: neither that of a primary key, nor one of a table
    that an earlier step of the same transaction has written to.
    """
    expected, got = _expected_columns(), _columns(connection)
    unsigned = [
        column
        for column, kind in got.items()
        if kind == "UBIGINT" and expected.get(column) == "BIGINT"
    ]
    scripts = read_scripts("tables")
    for table, names in _by_table(unsigned).items():
        execute(f"CREATE TABLE {table}_unsigned AS FROM {table}")
        execute(f"DROP TABLE {table}")
        execute(scripts[table.partition(".")[2]])
        for column, kind in got.items():
            if column.rpartition(".")[0] == table and column not in expected:
                name = quoted_name(column.rpartition(".")[2])
                execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
        casts = ", ".join(f"{name}::BIGINT AS {name}" for name in names)
        execute(
            f"INSERT INTO {table} BY NAME "  # noqa: S608
            f"SELECT * REPLACE ({casts}) FROM {table}_unsigned"
        )
        execute(f"DROP TABLE {table}_unsigned")


def _record_migration(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    row = ", ".join(map(quoted_value, (int(name[:4]), name[5:], now)))
    connection.execute(f"INSERT INTO ops.schema_migration VALUES ({row})")  # noqa: S608
