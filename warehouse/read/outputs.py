"""Where a command writes for its user: new names, and what Newsmill made there before.

Whatever else has the name stays as it is. A file is known for ours by its signature, a
folder by its manifest. What has no place for a signature, such as CSV, is replaced only
when the user insists; an input, a database, and what belongs to a warehouse never are.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from transforms.errors import UsageError
from warehouse.atomic_write import atomic_file, partial_folder
from warehouse.database.connection import is_database_head
from warehouse.lake.address import find_lake

MANIFEST: Final = "manifest.json"
# The value of `made_by` in a manifest: nobody else's says so.
MADE_BY: Final = "newsmill export"
# What lies beside a database and is a part of it, of DuckDB, SQLite, and ourselves.
_COMPANION_ENDINGS: Final = (
    *(".lock", ".wal", ".tmp", "-wal", "-shm", "-journal"),
    *(".build", ".build.wal", ".build.tmp", ".build.parts"),
    *(".before-migration", ".before-migration.partial"),
)
_HEAD_BYTES: Final = 4_096
_MANIFEST_BYTES_MAX: Final = 16 << 20
_OTHER: Final = "Name another"
_FILE: Final = "a file"
_FOLDER: Final = "a folder"
_KINDS: Final = (
    (stat.S_ISREG, _FILE),
    (stat.S_ISDIR, _FOLDER),
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (lambda _: True, "a device"),
)


@dataclass(frozen=True)
class Outputs:
    """The one door for what a command writes where its user says.

    Attributes:
        warehouse: That the command is about; it need not exist.
        inputs: Files that the command reads, and folders of them.
        is_forced: Replace files that are not of our making.
        force: The option that asks for it; empty for a command without one.
    """

    warehouse: Path
    inputs: tuple[Path, ...] = ()
    is_forced: bool = False
    force: str = "--force"

    @contextmanager
    def file(self, target: Path, signature: bytes = b"") -> Iterator[Path]:
        """Where to write a file in the block; it takes the target's name at its end.

        Args:
            target: A new name; folders above it are made.
            signature: That our files of this kind have in their first 4 KiB; empty for
                a kind that has none.

        Raises:
            UsageError: As `require_file`, before the block or after it.
        """
        self.require_file(target, signature)
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(target) as partial:
            yield partial
            self.require_file(target, signature)  # the block may have taken long

    def require_file(self, target: Path, signature: bytes = b"") -> None:
        """Raise UsageError unless the file may be written."""
        found = self._look_at(target)
        if found is None:
            return
        _require_kind(target, found, _FILE)
        head = _read(target, _HEAD_BYTES)
        if is_database_head(head):
            raise UsageError(f"{target} is a database, which is not replaced", _OTHER)
        if signature and signature in head:
            return
        if not self.is_forced:
            made = " and is not of Newsmill's making" if signature else ""
            forced = f", or replace it with {self.force}" if self.force else ""
            raise UsageError(f"{target} exists{made}", f"{_OTHER}{forced}")
        if self._is_input(target):
            raise UsageError(f"{target} is an input, which is not replaced", _OTHER)

    def remove_earlier(
        self, folder: Path, pattern: str, signature: bytes, *, kept: frozenset[str]
    ) -> None:
        """Remove files that a command made earlier and not now, then an empty folder.

        Args:
            folder: It need not exist.
            pattern: Of the files' names.
            signature: By which they are known, as for `file`; all else stays.
            kept: Names that stay.
        """
        for path in folder.glob(pattern):
            if path.name not in kept and signature in _read(path, _HEAD_BYTES):
                path.unlink(missing_ok=True)
        with suppress(OSError):  # it holds something, or was never there
            folder.rmdir()

    @contextmanager
    def folder(self, target: Path) -> Iterator[Path]:
        """An empty folder to fill in the block, its manifest included.

        A new or empty target gets all of it at once. An earlier export gives way file
        by file: what its manifest lists is replaced or removed, all else stays.

        Raises:
            UsageError: As `require_folder`, before the block or after it, or one of the
                names in it is taken by what is not of the earlier export.
        """
        self.require_folder(target)
        with partial_folder(target) as partial:
            yield partial
            earlier = self.require_folder(target)
            if not target.exists() or not any(target.iterdir()):
                partial.rename(target)
            else:
                _replace_earlier(partial, target, earlier)

    def require_folder(self, target: Path) -> frozenset[str]:
        """Raise UsageError unless the folder is new, empty, or an earlier export.

        Returns:
            Names of the files in it that the earlier export's manifest lists, the
            manifest's included.
        """
        found = self._look_at(target)
        try:
            str(target).encode()
        except UnicodeEncodeError as error:
            raise UsageError(f"{target} is not UTF-8", f"{_OTHER} folder") from error
        if found is None:
            return frozenset()
        _require_kind(target, found, _FOLDER)
        listed = _listed_files(target)
        if not listed and any(target.iterdir()):
            raise UsageError(
                f"{target} holds other files, and no manifest of an earlier export",
                "Name a new or an empty folder",
            )
        return listed

    def _look_at(self, target: Path) -> os.stat_result | None:
        """What has the name by now; UsageError where nothing can be written."""
        if target.name in ("", ".."):
            raise UsageError(f"{target} is a folder", "Name what to write")
        above = next(p for p in target.absolute().parents if os.path.lexists(p))
        if not above.is_dir():
            raise UsageError(f"{target}: {above} is not a folder", _OTHER)
        try:
            found = target.lstat()
        except FileNotFoundError:
            found = None
        except OSError as error:
            raise UsageError(f"{target}: {error.strerror}", _OTHER) from error
        if not os.access(above, os.W_OK | os.X_OK):
            raise UsageError(f"{target}: {above} cannot be written", _OTHER)
        if self._is_of_warehouse(target):
            raise UsageError(f"{target} belongs to a warehouse", _OTHER)
        return found

    def _is_of_warehouse(self, target: Path) -> bool:
        """Whether a database, ours or another, is there or keeps something there."""
        real = Path(os.path.realpath(target))
        lake = find_lake(self.warehouse)
        if lake is not None and real.is_relative_to(os.path.realpath(lake.data)):
            return True
        named = self.warehouse if lake is None else lake.catalog_file
        ours = None if named is None else Path(os.path.realpath(named))
        if ours is not None and (real == ours or _is_same(ours, target)):
            return True
        owners = [
            real.with_name(real.name.removesuffix(ending))
            for ending in _COMPANION_ENDINGS
            if real.name.endswith(ending) and real.name != ending
        ]
        return any(
            owner == ours or is_database_head(_read(owner, _HEAD_BYTES))
            for owner in owners
        )

    def _is_input(self, target: Path) -> bool:
        """By its place, or because the warehouse knows its bytes."""
        real = os.path.realpath(target)
        for given in self.inputs:
            if _is_same(given, target) or Path(real).is_relative_to(
                os.path.realpath(given)
            ):
                return True
        from warehouse.read.known import known_documents

        with target.open("rb") as file:
            document_id = hashlib.file_digest(file, "sha256").hexdigest()
        return document_id in known_documents(self.warehouse)["document_id"]


def _require_kind(target: Path, found: os.stat_result, wanted: str) -> None:
    kind = next(name for test, name in _KINDS if test(found.st_mode))
    if kind != wanted:
        raise UsageError(f"{target} is {kind}, expected {wanted} or a new name", _OTHER)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _read(path: Path, limit: int) -> bytes:
    """The start of a regular file; nothing of what is none or cannot be read."""
    if not _is_regular(path):
        return b""
    try:
        # What took its place meanwhile is neither waited for nor followed.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(limit)
    except OSError:
        return b""


def _listed_files(folder: Path) -> frozenset[str]:
    """Files that our manifest lists and that are there; none without one of ours."""
    try:
        manifest = json.loads(_read(folder / MANIFEST, _MANIFEST_BYTES_MAX))
        if manifest["made_by"] != MADE_BY:
            return frozenset()
        named = {str(table["file"]) for table in manifest["tables"]}
        named.add(str(manifest.get("datapackage", "")))
    except (ValueError, LookupError, TypeError, RecursionError):
        return frozenset()
    plain = {name for name in named if Path(name).name == name}
    there = {name for name in plain if _is_regular(folder / name)}
    return frozenset({MANIFEST, *there})


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def _replace_earlier(new: Path, target: Path, earlier: frozenset[str]) -> None:
    names = {path.name for path in new.iterdir()}
    taken = [name for name in sorted(names - earlier) if os.path.lexists(target / name)]
    if taken:
        raise UsageError(
            f"{target / taken[0]} is not of the earlier export",
            "Move it away, or name a new folder",
        )
    # First a manifest of both: one that is stopped halfway is still known for ours.
    with atomic_file(target / MANIFEST) as partial:
        both = [{"file": name} for name in sorted((names | earlier) - {MANIFEST})]
        partial.write_text(json.dumps({"made_by": MADE_BY, "tables": both}), "utf-8")
    for name in sorted(names - {MANIFEST}):
        (new / name).replace(target / name)
    for name in sorted(earlier - names):
        (target / name).unlink(missing_ok=True)
    (new / MANIFEST).replace(target / MANIFEST)
