"""Files and folders that appear whole or not at all: written beside, then renamed.

Who looks meanwhile sees what was there before. A killed process leaves at most what is
named `.<name>.<8 hex digits>.partial`, which nobody takes for the real thing. Nothing
is forced to the disk: what must outlast a power failure goes by `publish.files`.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

# Disk, quota, and file size limit: what the system says when a write has no room.
NO_SPACE_ERRNOS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# Of up to four bytes each, in a name of 255.
_KEPT_NAME_CHARS: Final = 50


@contextmanager
def atomic_file(target: Path) -> Iterator[Path]:
    """Where to write a file in the block; it takes the target's name at its end.

    An older file of that name is replaced; a block that raises leaves it as it was.
    """
    partial = _beside(target)
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def atomic_folder(target: Path, *, replace_old: bool = False) -> Iterator[Path]:
    """An empty folder to fill in the block; it takes the target's name at its end.

    Args:
        target: Missing; parents are made.
        replace_old: Remove what has the name by then. Without it the folder is one of
            several that are made alike: whoever is first wins, and the others go.
    """
    with partial_folder(target) as partial:
        yield partial
        if replace_old and target.exists():
            shutil.rmtree(target)
        try:
            partial.rename(target)
        except OSError:
            if replace_old or not target.exists():
                raise


@contextmanager
def partial_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside the target for the time of the block; parents are made."""
    partial = _beside(target)
    partial.mkdir(parents=True)
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def force_to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would outlast a power failure."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(target: Path) -> Path:
    # Not the process's number: workers on several machines may share a folder. A name
    # may be as long as the system allows, and this one is to be longer.
    name = target.name[:_KEPT_NAME_CHARS]
    return target.with_name(f".{name}.{os.urandom(4).hex()}.partial")
