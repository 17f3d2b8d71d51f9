"""The published rows once more in the place of candidates, for the audit to judge."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.database.connection import CATALOG, LOADER_MEMORY
from warehouse.database.failures import explained
from warehouse.database.schema import STAGED_TABLES
from warehouse.open_reader import open_current


@contextmanager
def open_as_candidates(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect for reading only, each table of `staging` a view of the published one.

    Nothing is locked and nothing is copied: loads go on meanwhile, and the connection
    sees the file as it was when it was opened.

    Raises:
        WarehouseUnusableError: Missing, not ours, or damaged.
    """
    with explained(path), open_current(path) as connection:
        connection.execute(f"SET memory_limit = '{LOADER_MEMORY}'")
        connection.execute("ATTACH ':memory:' AS staging")
        for staged, table in STAGED_TABLES.items():
            connection.execute(
                f"CREATE VIEW staging.{staged} AS FROM {CATALOG}.{table}"
            )
        yield connection
