"""Open what is published, for reading."""

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from transforms.errors import WarehouseMissingError, WarehouseUnusableError
from warehouse.database.connection import (
    CATALOG,
    OFFLINE,
    require_database_file,
    require_known_version,
)
from warehouse.database.failures import explained
from warehouse.database.schema import applied_version, current_version
from warehouse.database.scripts import quoted_value
from warehouse.lake.address import find_lake


def warehouse_exists(path: Path) -> bool:
    """Whether something has been published there."""
    lake = find_lake(path)
    if lake is not None:
        from warehouse.lake.lake import lake_exists

        with explained(path):
            return lake_exists(lake)
    return path.exists()


def require_possible(path: Path) -> None:
    """Raise unless there is a database, or a place for one; nothing is opened for long.

    Raises:
        WarehouseUnusableError: Something else is there, or in the way.
    """
    if find_lake(path) is not None:
        return
    real = Path(os.path.realpath(path))
    with suppress(WarehouseMissingError):
        require_database_file(real)
    above = next(folder for folder in real.parents if os.path.lexists(folder))
    if not above.is_dir():
        raise WarehouseUnusableError(str(path), f"cannot be: {above} is not a folder")


def open_published(
    path: Path, *, snapshot: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Connect to the published file or lake, for reading only.

    Args:
        path: The warehouse.
        snapshot: An earlier state, which only a lake has.

    Raises:
        WarehouseUnusableError: It is missing, not ours, corrupt, or newer.
        WarehouseBusyError: Another program has it open for writing.
    """
    lake = find_lake(path)
    if lake is not None:
        from warehouse.lake.lake import open_published_lake

        return open_published_lake(lake, snapshot)
    require_database_file(path)
    connection = duckdb.connect(":memory:", config=OFFLINE)
    try:
        with explained(path):
            connection.execute(f"ATTACH {quoted_value(path)} AS {CATALOG} (READ_ONLY)")
            connection.execute(f"USE {CATALOG}")
            require_known_version(path, applied_version(connection))
    except BaseException:
        connection.close()
        raise
    return connection


def open_current(path: Path) -> duckdb.DuckDBPyConnection:
    """Connect to a published file whose tables are those that this Newsmill knows.

    Raises:
        WarehouseUnusableError: As `open_published`, and when it is older.
        WarehouseBusyError: Another program has it open for writing.
    """
    connection = open_published(path)
    version = applied_version(connection)
    if version != current_version():
        connection.close()
        raise WarehouseUnusableError(
            str(path),
            f"has schema {version}, this Newsmill reads {current_version()}; "
            "`newsmill run` brings it up to date and keeps the old file",
        )
    return connection
