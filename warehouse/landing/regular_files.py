"""Files that are opened only as what they were listed as: regular, and no other.

Never through a link that was not followed on purpose, and never waiting for a writer.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import polars as pl

from transforms.contracts import ReasonCode
from transforms.discover.discover import FOUND_FILES

# O_NONBLOCK: opening a pipe must not wait for its writer.
_OPEN_FLAGS: Final = (
    os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
)
_REASON_OF_ERRNO: Final = {
    errno.ENOENT: (ReasonCode.CHANGED_WHILE_READING, "gone since it was listed"),
    errno.ENOTDIR: (ReasonCode.CHANGED_WHILE_READING, "gone since it was listed"),
    errno.ELOOP: (ReasonCode.NOT_FOLLOWED_LINK, "became a link"),
    errno.ENXIO: (ReasonCode.NOT_REGULAR, "became a pipe or socket"),
    errno.ENAMETOOLONG: (ReasonCode.PATH_TOO_LONG, None),
}


@dataclass(frozen=True)
class Place:
    """Where a file should be, and which one it should be; 0 when that is not known."""

    path: bytes
    device: int
    inode: int


class HeldBackError(Exception):
    """A file that is left for now; carries the reason code and the detail."""

    def __init__(self, reason_code: str, detail: str | None) -> None:
        super().__init__(reason_code, detail)
        self.reason_code, self.detail = reason_code, detail


def find_places(files: pl.DataFrame) -> list[Place]:
    """The place of each file (FOUND_FILES or FILES)."""
    known = files.select(
        "path_bytes",
        *(
            pl.col(name) if name in files.columns else pl.lit(0).alias(name)
            for name in ("device", "inode")
        ),
    )
    # Names of one file are one place: it is opened by the first of them.
    if list(FOUND_FILES)[-2:] == [n for n in ("device", "inode") if n in files.columns]:
        known = known.with_columns(pl.col("path_bytes").first().over("device", "inode"))
    return [Place(*row) for row in known.iter_rows()]


@contextmanager
def opened(place: Place) -> Iterator[tuple[int, int]]:
    """Descriptor and size of a regular file that stays as it is in the block."""
    try:
        descriptor = os.open(place.path, _OPEN_FLAGS)
    except OSError as error:
        raise _held_by(error) from error
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise HeldBackError(ReasonCode.NOT_REGULAR, "no longer a regular file")
        if place.inode and (before.st_dev, before.st_ino) != (
            place.device,
            place.inode,
        ):
            raise HeldBackError(
                ReasonCode.CHANGED_WHILE_READING, "replaced since it was listed"
            )
        yield descriptor, before.st_size
        after = os.fstat(descriptor)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise HeldBackError(
                ReasonCode.CHANGED_WHILE_READING, "written while it was read"
            )
    except OSError as error:
        raise _held_by(error) from error
    finally:
        os.close(descriptor)


def _held_by(error: OSError) -> HeldBackError:
    reason, detail = _REASON_OF_ERRNO.get(
        error.errno or 0, (ReasonCode.UNREADABLE, None)
    )
    return HeldBackError(reason, detail or error.strerror)


def expect_size(expected: int, got: int, since: str = "opened") -> None:
    """Raise HeldBackError unless a file has as many bytes as before."""
    if got != expected:
        raise HeldBackError(
            ReasonCode.CHANGED_WHILE_READING,
            f"{expected} bytes when {since}, {'more' if got > expected else got} read",
        )
