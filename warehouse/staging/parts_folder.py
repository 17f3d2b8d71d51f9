"""Folders of Parquet parts that outlive the run that made them.

A run writes its parts into a folder of its own. When it ends well the folder goes; when
it dies or fails, its finished parts wait for the next run, which takes them over. A
part is named by all that decides its content, so taking one over changes no result.

A note vouches for a part and for what belongs to it. Parts without a note, and those of
which a byte is not what was noted, are left behind and made again.
"""

import hashlib
import json
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import filelock

from transforms.errors import (
    AuditFailedError,
    ConservationError,
    OutOfSpaceError,
    WarehouseUnusableError,
)
from warehouse.atomic_write import atomic_file, force_to_disk
from warehouse.staging.sealed_folder import find_damage, read_seal

logger = logging.getLogger(__name__)

# Raised when the files of a part or their columns change: a part of a dead run must not
# be taken over by a Newsmill that expects others.
PART_FORMAT: Final = 7
_LOCK_ENDING: Final = ".lock"
_NOTE_ENDING: Final = ".json"


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

    Raises:
        WarehouseUnusableError: The root is a link or no folder.
    """
    if root.is_symlink() or (root.exists() and not root.is_dir()):
        raise WarehouseUnusableError(
            str(root), "is no folder of Newsmill's; move it away"
        )
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
    except (OutOfSpaceError, AuditFailedError, ConservationError):
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except BaseException:
        with suppress(OSError):  # parts are in it, for the next run
            folder.rmdir()
        raise
    shutil.rmtree(folder, ignore_errors=True)


def write_note(
    folder: Path, name: str, told: Mapping[str, Any], *, about: Sequence[Path]
) -> None:
    """Vouch for sealed folders, for good.

    Args:
        folder: Of the run's parts.
        name: Of the note.
        told: What the next run has to know of them; plain values.
        about: Folders in `folder`, sealed.
    """
    seals = {path.name: read_seal(path) for path in about}
    content = {"told": told, "seals": {n: s.sha256 for n, s in seals.items() if s}}
    line = json.dumps(content)
    note = _note_of(folder, name)
    with atomic_file(note) as partial:
        partial.write_text(f"{_sha256(line)}\n{line}", "utf-8")
        force_to_disk(partial)
    force_to_disk(folder)


def read_note(folder: Path, name: str) -> dict[str, Any] | None:
    """What a note tells; None when there is none, or one that is not as it was written.

    Folders that it is about were looked at when they were taken over.
    """
    content = _read_note(_note_of(folder, name))
    return content["told"] if content else None


def _read_note(note: Path) -> dict[str, Any] | None:
    try:
        sha256, _, line = note.read_text("utf-8").partition("\n")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    if sha256 != _sha256(line):
        return None
    content: dict[str, Any] = json.loads(line)
    return content


def _take_over(root: Path, folder: Path) -> None:
    for other in sorted(root.iterdir()):
        if other == folder or not other.is_dir():
            continue
        with suppress(filelock.Timeout), filelock.FileLock(_lock_of(other), timeout=0):
            for name in _vouched_for(other):
                if not (folder / name).exists():
                    (other / name).rename(folder / name)
            shutil.rmtree(other, ignore_errors=True)
            _lock_of(other).unlink(missing_ok=True)


def _vouched_for(folder: Path) -> Iterator[str]:
    """Names in a folder that are as they were noted, each note behind its folders."""
    for note in sorted(folder.glob(f"*{_NOTE_ENDING}")):
        content = _read_note(note)
        damage = (
            "its note is damaged"
            if content is None
            else _find_damages(folder, content["seals"])
        )
        if content is None or damage:
            logger.warning("Part %s is made again: %s", note.stem, damage)
            continue
        yield from content["seals"]
        yield note.name


def _find_damages(folder: Path, sealed: Mapping[str, str]) -> str:
    for name, sha256 in sealed.items():
        seal = read_seal(folder / name)
        if seal is None or seal.sha256 != sha256:
            return f"{name} is not as it was sealed"
        damage = find_damage(folder / name, seal)
        if damage:
            return damage
    return ""


def _sha256(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def _note_of(folder: Path, name: str) -> Path:
    return folder / f"{name}{_NOTE_ENDING}"


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}{_LOCK_ENDING}")
