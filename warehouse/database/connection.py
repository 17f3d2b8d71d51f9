"""Opening DuckDB files, and what their errors mean to the user."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from transforms.errors import (
    OutOfSpaceError,
    WarehouseBusyError,
    WarehouseMissingError,
    WarehouseUnusableError,
)
from warehouse.database.schema import current_version

# A small page keeps a small warehouse small: 1.5 MB empty instead of 5.5. Below 64 KiB
# DuckDB cannot pack bits, and a large warehouse grows by a tenth.
BLOCK_BYTES: Final = 65_536
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
OFFLINE: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_SPACE_TEXTS: Final = (
    "No space left",
    "File too large",
    "quota exceeded",
    "max_temp_directory_size",
)
_UNWRITABLE: Final = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EEXIST,
)


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
        options += f", BLOCK_SIZE {BLOCK_BYTES}"
    connection.execute(f"ATTACH {literal(path)} AS {CATALOG} ({options})")
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
        connection.execute(f"ATTACH {literal(path)} AS {CATALOG}")
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


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn errors of DuckDB and of the system into what they mean for a warehouse.

    Raises:
        OutOfSpaceError: Disk, quota, file size limit, or memory.
        WarehouseBusyError: Another program has the file open for writing.
        WarehouseUnusableError: The file cannot be read.
    """
    try:
        yield
    except (MemoryError, duckdb.OutOfMemoryException) as error:
        raise OutOfSpaceError(_scarce(str(error), "memory"), str(error)) from error
    except duckdb.Error as error:
        raise _explain(path, str(error)) or error from error
    except OSError as error:
        if error.errno in NO_SPACE:
            raise OutOfSpaceError("disk space", str(error)) from error
        raise


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Say that the warehouse's folder is to blame when the system refuses a write.

    Raises:
        WarehouseUnusableError: The folder or the file cannot be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise
        raise WarehouseUnusableError(
            str(path), f"cannot be written: {error.strerror}"
        ) from error


def _explain(path: Path, text: str) -> Exception | None:
    first = text.splitlines()[0] if text else ""
    if any(sign in text for sign in _NO_SPACE_TEXTS):
        return OutOfSpaceError("disk space", first)
    if "Could not set lock" in text:
        return WarehouseBusyError(str(path), "another program, which has it open")
    signs = ("IO Error", "Serialization Error", "INTERNAL Error", "FATAL Error")
    if text.startswith(signs):
        return WarehouseUnusableError(str(path), f"cannot be read: {first}")
    return None


def _scarce(text: str, otherwise: str) -> str:
    return "disk space" if any(sign in text for sign in _NO_SPACE_TEXTS) else otherwise


def _require_database_file(path: Path) -> None:
    if not path.exists():
        raise WarehouseMissingError(str(path))
    if not path.is_file():
        raise WarehouseUnusableError(str(path), "is not a regular file")
    try:
        with path.open("rb") as file:
            head = os.pread(file.fileno(), len(_MAGIC), _MAGIC_OFFSET)
    except OSError as error:
        raise WarehouseUnusableError(
            str(path), f"cannot be read: {error.strerror}"
        ) from error
    if head != _MAGIC:
        raise WarehouseUnusableError(str(path), "is not a DuckDB file")


def read_setting(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """The present value of one of DuckDB's settings, as it tells it."""
    asked = connection.execute("SELECT current_setting(?)::VARCHAR", [name])
    ((value,),) = asked.fetchall()
    return str(value)


def literal(text: Path | str) -> str:
    """A text as SQL writes it, for the statements that take no parameters."""
    return "'" + str(text).replace("'", "''") + "'"
