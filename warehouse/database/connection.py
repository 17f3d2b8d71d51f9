"""How DuckDB files are opened, and what a file must be to be opened."""

import errno
import os
import stat
from pathlib import Path
from typing import Final

import duckdb

from transforms.errors import WarehouseMissingError, WarehouseUnusableError
from warehouse.database.failures import explained
from warehouse.database.schema import current_version
from warehouse.database.scripts import quoted_value

# A small page keeps a small warehouse small: 1.5 MB empty instead of 5.5. Below 64 KiB
# DuckDB cannot pack bits, and a large warehouse grows by a tenth.
DATABASE_BLOCK_BYTES: Final = 65_536
# The first that compresses scores; without, a warehouse is an eighth larger. Clients
# from 1.5 on can read it.
STORAGE_VERSION: Final = "v1.5.0"
CATALOG: Final = "newsmill"
# Rows that are compressed together, and kept in memory until they are. Texts of the
# usual 122,880 fill half a gigabyte per thread. Fewer make a file larger: of 2,048 rows
# by a fourteenth, of half as many as these, whose evidence fills blocks by little more
# than half, by a twentieth.
ROW_GROUP_ROWS: Final = 24_576
LOADER_MEMORY: Final = "2GiB"
WANTED_ROWS_MAX: Final = 10_000

_MAGIC: Final = b"DUCK"
_MAGIC_OFFSET: Final = 8
_SQLITE_MAGIC: Final = b"SQLite format 3\0"
OFFLINE: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def open_build_file(path: Path) -> duckdb.DuckDBPyConnection:
    """Connect to a database file that is this process's own, made when missing.

    It is attached under a fixed name: one taken from the file's could be that of a
    schema, and DuckDB would then find every table name ambiguous.
    """
    connection = duckdb.connect(
        ":memory:",
        config=OFFLINE
        | {
            "memory_limit": LOADER_MEMORY,
            "temp_directory": f"{path}.tmp",
            # Up to which count a join tells a scan the very rows that it wants.
            "dynamic_or_filter_threshold": WANTED_ROWS_MAX,
        },
    )
    # Nobody else sees the file before its checkpoint, so it needs no log.
    options = (
        f"ROW_GROUP_SIZE {ROW_GROUP_ROWS}, STORAGE_VERSION '{STORAGE_VERSION}', "
        "RECOVERY_MODE 'no_wal_writes'"
    )
    if not path.exists():
        options += f", BLOCK_SIZE {DATABASE_BLOCK_BYTES}"
    connection.execute(f"ATTACH {quoted_value(path)} AS {CATALOG} ({options})")
    connection.execute(f"USE {CATALOG}")
    return connection


def fold_in_leftover_log(path: Path) -> None:
    """Let DuckDB finish what another program left in a log beside the file.

    A copy without its log would lack the last changes, and a log beside a newer file
    would not fit it.

    Raises:
        WarehouseUnusableError: The log does not belong to the file, or is corrupt.
    """
    log = path.with_name(f"{path.name}.wal")
    if not log.exists():
        return
    with explained(path), duckdb.connect(":memory:", config=OFFLINE) as connection:
        connection.execute(f"ATTACH {quoted_value(path)} AS {CATALOG}")
        connection.execute(f"CHECKPOINT {CATALOG}")


def require_known_version(path: Path, version: int | None) -> None:
    """Raise unless the schema is one that this Newsmill made or can bring up to date.

    Raises:
        WarehouseUnusableError: Not ours, or newer.
    """
    if version is None:
        raise WarehouseUnusableError(str(path), "is a database, but not of Newsmill")
    if version > current_version():
        raise WarehouseUnusableError(
            str(path),
            f"has schema {version}, this Newsmill knows up to {current_version()}; "
            "update Newsmill",
        )


def require_database_file(path: Path) -> None:
    """Raise unless the path is a regular file that begins as DuckDB's do.

    Raises:
        WarehouseMissingError: Nothing is there.
        WarehouseUnusableError: It is something else, or cannot be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise WarehouseUnusableError(str(path), "is not a regular file")
        with path.open("rb") as file:
            head = os.pread(file.fileno(), len(_MAGIC), _MAGIC_OFFSET)
    except FileNotFoundError as error:
        raise WarehouseMissingError(str(path)) from error
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise  # that says nothing of the file
        raise WarehouseUnusableError(
            str(path), f"cannot be read: {error.strerror}"
        ) from error
    if head != _MAGIC:
        raise WarehouseUnusableError(str(path), "is not a DuckDB file")


def is_database_head(head: bytes) -> bool:
    """Whether a file that begins so is a database of DuckDB or SQLite, whoever's."""
    return head.startswith(_SQLITE_MAGIC) or head.startswith(_MAGIC, _MAGIC_OFFSET)


def read_setting(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """The present value of one of DuckDB's settings, as it tells it."""
    asked = connection.execute("SELECT current_setting(?)::VARCHAR", [name])
    ((value,),) = asked.fetchall()
    return str(value)
