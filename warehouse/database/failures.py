"""What errors of DuckDB, Arrow, and the system mean for a warehouse.

They are told apart by type. Where a library puts several meanings into one type, its
words are read, and they are read nowhere else.
"""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from transforms.errors import (
    NewsmillError,
    OutOfSpaceError,
    WarehouseBusyError,
    WarehouseDamagedError,
    WarehouseUnusableError,
)
from warehouse.atomic_write import NO_SPACE_ERRNOS

_UNWRITABLE: Final = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EEXIST,
)
_UNREADABLE: Final = (
    duckdb.IOException,
    duckdb.SerializationException,
    duckdb.InternalException,
    duckdb.FatalException,
)
# DuckDB tells of these by its IOException, and its lake by any of its types.
_NO_SPACE_WORDS: Final = re.compile(
    "No space left|File too large|quota exceeded|max_temp_directory_size"
)
_LOCKED_WORDS: Final = "Could not set lock"
_LOST_COMMIT_WORDS: Final = re.compile(
    "Transaction conflict|database is locked|could not serialize"
)
_NO_LAKE_WORDS: Final = re.compile(
    "does not exist|no such table|unable to open database"
)
# Arrow's OSError has no number when DuckDB fails while Arrow fetches its answer.
_NO_MEMORY_WORDS: Final = "Out of Memory Error"


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
        is_disk = _NO_SPACE_WORDS.search(str(error))
        what = "disk space" if is_disk else "memory"
        raise OutOfSpaceError(what, str(error)) from error
    except duckdb.Error as error:
        meaning = _meaning(path, error)
        if meaning is None:
            error.add_note(str(path))
            raise
        raise meaning from error
    except OSError as error:
        if error.errno in NO_SPACE_ERRNOS:
            raise OutOfSpaceError("disk space", str(error)) from error
        if _NO_MEMORY_WORDS in str(error):
            raise OutOfSpaceError("memory", str(error)) from error
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


def is_unreadable(error: duckdb.Error) -> bool:
    """Whether the file is to blame: it is damaged."""
    return isinstance(error, _UNREADABLE) and not _NO_SPACE_WORDS.search(str(error))


def engine_meaning(error: BaseException) -> NewsmillError | None:
    """What any error of DuckDB means to its user; None for one of another engine."""
    if not isinstance(error, duckdb.Error):
        return None
    path = Path(getattr(error, "__notes__", ["the warehouse"])[0])
    first, _, _ = str(error).partition("\n")
    if isinstance(error, duckdb.OutOfMemoryException):
        return OutOfSpaceError("memory", first)
    return _meaning(path, error) or WarehouseUnusableError(
        str(path),
        f"cannot do what Newsmill asks of it: {first}; `newsmill check` says what is "
        "damaged",
    )


def is_lost_commit(error: duckdb.Error) -> bool:
    """Whether a lake's catalogue refused a commit because another one came first."""
    return _LOST_COMMIT_WORDS.search(str(error)) is not None


def is_no_lake(error: duckdb.Error) -> bool:
    """Whether a lake could not be opened because nobody has made it yet."""
    return _NO_LAKE_WORDS.search(str(error)) is not None


def _meaning(path: Path, error: duckdb.Error) -> NewsmillError | None:
    first, _, _ = str(error).partition("\n")
    if _NO_SPACE_WORDS.search(str(error)):
        return OutOfSpaceError("disk space", first)
    if os.strerror(errno.EMFILE) in first:
        return OutOfSpaceError("file descriptors (ulimit -n)", first)
    if isinstance(error, duckdb.IOException) and _LOCKED_WORDS in first:
        return WarehouseBusyError(str(path), "another program, which has it open")
    if is_unreadable(error):
        return WarehouseDamagedError(str(path), [f"cannot be read: {first}"])
    return None
