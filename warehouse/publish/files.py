"""Copying and replacing a whole file, so that a crash leaves the old or the new one."""

import errno
import os
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from transforms.errors import WarehouseUnusableError
from warehouse.atomic_write import force_to_disk
from warehouse.database.connection import is_database_head
from warehouse.publish.moment import publishing

_BUILD_ENDING: Final = ".build"
HEAD_BYTES: Final = 4_096
_OLD_ENDING: Final = ".before-migration"
# What the system says of files that it cannot copy by itself.
_NOT_HERE: Final = (errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)


def build_file(path: Path) -> Path:
    """Where the next state of a warehouse is made."""
    return path.with_name(path.name + _BUILD_ENDING)


def remove_build(path: Path) -> None:
    """Remove what a dead writer left; only the holder of the lock may.

    Raises:
        WarehouseUnusableError: What is there was not left by a writer.
    """
    build = build_file(path)
    _require_database(build)
    build.unlink(missing_ok=True)
    build.with_name(f"{build.name}.wal").unlink(missing_ok=True)
    shutil.rmtree(build.with_name(f"{build.name}.tmp"), ignore_errors=True)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file, sharing its blocks where the file system can.

    The copy keeps the permissions, and its owner where that is allowed.
    """
    with source.open("rb") as read, target.open("wb") as write:
        _copy_bytes(read, write)
        write.flush()
        status = os.fstat(read.fileno())
        os.fchmod(write.fileno(), status.st_mode & 0o7777)
        with suppress(OSError):
            os.fchown(write.fileno(), status.st_uid, status.st_gid)


def keep_file(published: Path) -> None:
    """Keep what is published under a second name, in place of what had that name.

    Replacing the first name later leaves the second as it is, so that this costs no
    copy where the file system has links.

    Raises:
        WarehouseUnusableError: What has the second name is no warehouse.
    """
    backup = published.with_name(published.name + _OLD_ENDING)
    _require_database(backup)
    partial = backup.with_name(f"{backup.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        partial.hardlink_to(published)
    except OSError:
        copy_file(published, partial)
    partial.replace(backup)


def replace_file(new: Path, published: Path) -> None:
    """Put a finished file in the place of the published one, for good.

    Both are in one folder. Whoever holds the old file open goes on reading it.
    """
    force_to_disk(new)
    with publishing():
        new.replace(published)
    force_to_disk(published.parent)


def require_ours(place: Path, begins_ours: Callable[[bytes], bool], what: str) -> None:
    """Raise unless there is nothing, or a regular file that we began to write.

    Args:
        place: May be a link, a folder, or a pipe.
        begins_ours: Whether bytes may be the first `HEAD_BYTES` of such a file.
        what: Words for the error, such as `is no lock of Newsmill's`.

    Raises:
        WarehouseUnusableError: It is something else.
        PermissionError: It may not be read.
    """
    try:
        is_ours = stat.S_ISREG(place.lstat().st_mode)
    except FileNotFoundError:
        return
    if is_ours:
        with place.open("rb") as file:
            is_ours = begins_ours(file.read(HEAD_BYTES))
    if not is_ours:
        raise WarehouseUnusableError(str(place), f"{what}; move it away")


def _require_database(place: Path) -> None:
    """Raise unless there is nothing, or a database as far as it was written."""

    def begins(head: bytes) -> bool:
        return is_database_head(head) or not head.strip(b"\0")

    require_ours(place, begins, "is in the place of a file of Newsmill's")


def _copy_bytes(read: BinaryIO, write: BinaryIO) -> None:
    size = os.fstat(read.fileno()).st_size
    done = 0
    try:
        # This shares the blocks of both files where the file system can.
        while copied := os.copy_file_range(read.fileno(), write.fileno(), size - done):
            done += copied
    except OSError as error:
        if error.errno not in _NOT_HERE:
            raise
    if done < size:
        read.seek(0)
        write.seek(0)
        shutil.copyfileobj(read, write)
