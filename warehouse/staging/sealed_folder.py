"""Folders that vouch for themselves: whole, forced to the disk, and sealed.

The seal tells the size and the SHA-256 of each file, and how many rows a table has, so
that who takes a folder over from a process that died need not believe it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from warehouse.atomic_write import atomic_folder, force_to_disk

SEAL_NAME: Final = "seal.json"


@dataclass(frozen=True)
class Seal:
    """What a folder was when it was finished.

    Attributes:
        files: Bytes and SHA-256 of each file, by its name.
        rows: Of each table that the folder holds, by its name.
        sha256: Of the seal itself.
    """

    files: dict[str, tuple[int, str]]
    rows: dict[str, int]
    sha256: str


@contextmanager
def sealed_folder(
    target: Path, *, rows: Mapping[str, int] | None = None, replace_old: bool = False
) -> Iterator[Path]:
    """An empty folder to fill in the block; it takes its name sealed, or not at all.

    Args:
        target: As for `atomic_folder`.
        rows: Of each table that is written in the block.
        replace_old: As for `atomic_folder`.
    """
    with atomic_folder(target, replace_old=replace_old) as partial:
        yield partial
        paths = sorted(partial.iterdir())
        for path in paths:
            force_to_disk(path)
        files = {path.name: _measure(path) for path in paths}
        seal = partial / SEAL_NAME
        told = {"files": files, "rows": dict(rows or {})}
        seal.write_text(json.dumps(told), "utf-8")
        force_to_disk(seal)
        force_to_disk(partial)
    force_to_disk(target.parent)


def read_seal(folder: Path) -> Seal | None:
    """The seal of a folder; None when it has none that can be read."""
    try:
        content = (folder / SEAL_NAME).read_bytes()
        told = json.loads(content)
        files = {str(n): (int(b), str(s)) for n, (b, s) in told["files"].items()}
        rows = {str(table): int(count) for table, count in told["rows"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Seal(files, rows, hashlib.sha256(content).hexdigest())


def find_damage(folder: Path, seal: Seal) -> str:
    """Which file is not what its seal tells; empty when all are."""
    for name, (size, sha256) in seal.files.items():
        try:
            if _measure(folder / name) != (size, sha256):
                return f"{name} has changed"
        except OSError as error:
            return f"{name}: {error.strerror}"
    return ""


def is_whole(folder: Path) -> bool:
    """Whether a folder is there, sealed, and as it was then."""
    seal = read_seal(folder)
    return seal is not None and not find_damage(folder, seal)


def _measure(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()
