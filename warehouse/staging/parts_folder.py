"""Folders of Parquet parts that outlive the run that made them.

A run writes its parts into a folder of its own. When it ends well the folder goes; when
it dies or fails, its finished parts wait for the next run, which takes them over. A
part is named by all that decides its content, so taking one over changes no result.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import filelock

from transforms.errors import AuditFailedError, OutOfSpaceError

# Raised when the files of a part or their columns change: a part of a dead run must not
# be taken over by a Newsmill that expects others.
PART_FORMAT: Final = 4
_LOCK_ENDING: Final = ".lock"


@contextmanager
def claim_folder(root: Path, name: str) -> Iterator[Path]:
    """A folder `root/name` for the time of the block, with what dead runs left.

    Several runs may share a root: each holds a lock beside its folder, and only
    folders whose lock nobody holds are taken over.

    Args:
        root: Made when missing, removed when nobody uses it any more.
        name: Of the run; no other run may use it.

    Yields:
        The folder. It is removed after the block, but kept when the block raises,
        unless the parts would fail again or take the space that was wanting.
    """
    root.mkdir(parents=True, exist_ok=True)
    folder = root / name
    try:
        with filelock.FileLock(_lock_of(folder)):
            folder.mkdir()
            _take_over(root, folder)
            with _kept_when_useful(folder):
                yield folder
    finally:
        if not folder.exists():
            _lock_of(folder).unlink(missing_ok=True)
        with suppress(OSError):  # another run has its folder there
            root.rmdir()


@contextmanager
def _kept_when_useful(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OutOfSpaceError, AuditFailedError):
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)


def _take_over(root: Path, folder: Path) -> None:
    for other in sorted(root.iterdir()):
        if other == folder or not other.is_dir():
            continue
        with suppress(filelock.Timeout), filelock.FileLock(_lock_of(other), timeout=0):
            for finished in sorted(other.iterdir()):
                is_partial = finished.name.startswith(".")
                if not is_partial and not (folder / finished.name).exists():
                    finished.rename(folder / finished.name)
            shutil.rmtree(other, ignore_errors=True)
            _lock_of(other).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}{_LOCK_ENDING}")
