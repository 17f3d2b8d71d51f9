"""What lies at the given paths: one row per thing, nothing opened but folders."""

# Names are bytes here, which pathlib does not take.
# ruff: noqa: PTH116, PTH118, PTH119

import errno
import logging
import os
import stat
import time
from collections.abc import Sequence
from typing import Final

import polars as pl

from transforms.contracts import ReasonCode
from transforms.discover.discover import ENTRIES
from warehouse.landing.paths import missing, show

_KINDS: Final = {
    stat.S_IFREG: "regular",
    stat.S_IFDIR: "directory",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
    stat.S_IFLNK: "link",
}
_MISSING: Final = (errno.ENOENT, errno.ENOTDIR)
_SEPARATOR: Final = os.sep.encode()

logger = logging.getLogger(__name__)

Path = str | bytes | os.PathLike[str] | os.PathLike[bytes]


def list_entries(
    paths: Sequence[Path],
    *,
    follow_symlinks: bool = False,
    apart: Sequence[Path] = (),
) -> pl.DataFrame:
    """List the given files and what lies below the given folders.

    A path that the user gives is followed when it is a link. Links below a folder are
    rows of their own; `follow_symlinks` follows those that stay inside the folder.
    Hidden folders are not entered. The same file under one real path is one row.

    Args:
        paths: Folders and files.
        follow_symlinks: Follow links whose target lies inside the folder given.
        apart: Files and folders of Newsmill's own; they are no inputs, nor is what lies
            beside them under their name and an ending, unless the user gives it.

    Returns:
        ENTRIES, in no promised order.

    Raises:
        UsageError: A given path does not exist.
    """
    start = time.perf_counter()
    listing = _Listing(apart, follow_symlinks=follow_symlinks)
    for path in paths:
        listing.add_named(os.fsencode(path))
    entries = listing.frame()
    logger.info(
        "Listed %d entries of %d paths (%.2f s)",
        len(entries),
        len(paths),
        time.perf_counter() - start,
    )
    return entries


class _Listing:
    """Rows found so far, by real path, and the folders still to be entered."""

    def __init__(self, apart: Sequence[Path], *, follow_symlinks: bool) -> None:
        self._follow = follow_symlinks
        self._apart = tuple(os.path.realpath(os.fsencode(path)) for path in apart)
        self._root = b""
        self._now_ns = time.time_ns()
        self._rows: dict[bytes, tuple[object, ...]] = {}
        self._entered: set[tuple[int, int]] = set()

    def frame(self) -> pl.DataFrame:
        return pl.DataFrame(list(self._rows.values()), schema=ENTRIES, orient="row")

    def add_named(self, path: bytes) -> None:
        """Add a path that the user gave, and all below it."""
        try:
            status = os.stat(path)
        except (OSError, ValueError) as error:
            self._add_unreachable(path, error)
            return
        real = os.path.realpath(path)
        if stat.S_ISDIR(status.st_mode):
            self._walk(path, real, status)
        else:
            self._add(path, real, status, is_named=True)

    def _add_unreachable(self, path: bytes, error: OSError | ValueError) -> None:
        shown = show(path)
        number = error.errno if isinstance(error, OSError) else errno.ENOENT
        if os.path.lexists(path) and number in (*_MISSING, errno.ELOOP):
            target = "loop" if number == errno.ELOOP else "dangling"
            self._add(path, path, os.lstat(path), is_named=True, target=target)
        elif number in (*_MISSING, errno.ELOOP):
            raise missing(shown) from error
        else:
            self._add_failure(path, error, is_named=True)

    def _walk(self, root: bytes, root_real: bytes, status: os.stat_result) -> None:
        self._root = root.rstrip(_SEPARATOR) + _SEPARATOR
        self._entered.add((status.st_dev, status.st_ino))
        pending = [(root, root_real)]
        while pending:
            folder, real = pending.pop()
            try:
                with os.scandir(folder) as entries:
                    found = list(entries)
            except OSError as error:
                self._add_failure(folder, error)
                continue
            for entry in found:
                below = self._add_entry(entry, real, root_real)
                if below is not None:
                    pending.append(below)

    def _add_entry(
        self, entry: os.DirEntry[bytes], folder_real: bytes, root_real: bytes
    ) -> tuple[bytes, bytes] | None:
        """Add what a folder holds; gives the folder to enter next, if it is one."""
        real = os.path.join(folder_real, entry.name)
        if self._apart and self._is_apart(real):
            return None
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None  # gone since the folder was read: it was never here
        except OSError as error:
            self._add_failure(entry.path, error)
            return None
        if stat.S_ISLNK(status.st_mode):
            return self._add_link(entry.path, real, status, root_real)
        return self._add_found(entry.path, real, status)

    def _is_apart(self, real: bytes) -> bool:
        """Whether it has a name of ours, alone or with an ending."""
        return any(
            real == own or real.startswith((own + b".", own + _SEPARATOR))
            for own in self._apart
        )

    def _add_found(
        self, path: bytes, real: bytes, status: os.stat_result
    ) -> tuple[bytes, bytes] | None:
        if not stat.S_ISDIR(status.st_mode):
            self._add(path, real, status)
            return None
        if (
            os.path.basename(path).startswith(b".")
            or (status.st_dev, status.st_ino) in self._entered
        ):
            return None
        self._entered.add((status.st_dev, status.st_ino))
        return path, real

    def _add_link(
        self, path: bytes, real: bytes, status: os.stat_result, root_real: bytes
    ) -> tuple[bytes, bytes] | None:
        try:
            target_status = os.stat(path)
        except OSError as error:
            target = "loop" if error.errno == errno.ELOOP else "dangling"
            self._add(path, real, status, target=target)
            return None
        target_real = os.path.realpath(path)
        is_inside = (target_real + _SEPARATOR).startswith(
            root_real.rstrip(_SEPARATOR) + _SEPARATOR
        )
        if self._follow and is_inside:
            return self._add_found_through(path, target_real, target_status)
        self._add(
            path,
            real,
            status,
            target="inside" if is_inside else "outside",
            is_link_to_directory=stat.S_ISDIR(target_status.st_mode),
        )
        return None

    def _add_found_through(
        self, path: bytes, target_real: bytes, status: os.stat_result
    ) -> tuple[bytes, bytes] | None:
        if stat.S_ISDIR(status.st_mode):
            if (status.st_dev, status.st_ino) in self._entered:
                return None
            self._entered.add((status.st_dev, status.st_ino))
            return path, target_real
        self._add(path, target_real, status)
        return None

    def _add(
        self,
        path: bytes,
        real: bytes,
        status: os.stat_result,
        *,
        is_named: bool = False,
        target: str | None = None,
        is_link_to_directory: bool = False,
    ) -> None:
        if real in self._rows and not is_named:
            return
        kind = stat.S_IFMT(status.st_mode)
        self._rows[real] = (
            show(path),
            real,
            self._show_below(path),
            show(os.path.basename(path)),
            status.st_size,
            _KINDS.get(kind, "device"),
            is_named,
            target,
            is_link_to_directory,
            status.st_dev,
            status.st_ino,
            status.st_mtime_ns,
            (self._now_ns - status.st_mtime_ns) / 1e9,
            None,
            None,
        )

    def _show_below(self, path: bytes) -> str:
        return show(path.removeprefix(self._root))

    def _add_failure(
        self, path: bytes, error: OSError | ValueError, *, is_named: bool = False
    ) -> None:
        number = error.errno if isinstance(error, OSError) else None
        reason = (
            ReasonCode.PATH_TOO_LONG
            if number == errno.ENAMETOOLONG
            else ReasonCode.UNREADABLE
        )
        detail = error.strerror if isinstance(error, OSError) else str(error)
        shown = show(path)
        self._rows[path] = (
            shown,
            path,
            self._show_below(path),
            show(os.path.basename(path)),
            None,
            "unknown",
            is_named,
            None,
            False,
            None,
            None,
            None,
            None,
            reason.value,
            detail,
        )
