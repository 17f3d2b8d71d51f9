"""One writer at a time: an operating-system lock beside the warehouse.

The lock ends with the process that holds it, however that ends. The file stays, and
tells who holds the lock, or which run died while holding it.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import filelock

from transforms.errors import WarehouseBusyError
from warehouse.publish.files import require_ours
from warehouse.runs import RunFacts

# How every note begins that `_write` writes.
_NOTE_START: Final = b'{"pid": '


@dataclass
class WriterLock:
    """A lock that this process holds.

    Attributes:
        path: The warehouse itself, links resolved.
        run: The run that holds it.
        interrupted: Runs that died holding it and that `dim_run` may not know of yet;
            the holder empties the list when it has published them.
    """

    path: Path
    run: RunFacts
    interrupted: list[RunFacts] = field(default_factory=list)


@contextmanager
def hold_lock(
    path: Path, run: RunFacts, *, timeout_seconds: float
) -> Iterator[WriterLock]:
    """Hold the writer's lock of a warehouse for the time of the block.

    Args:
        path: The warehouse; all links and relative paths to it mean the same lock.
        run: Named to others who wait.
        timeout_seconds: How long to wait; 0 gives up at once.

    Raises:
        WarehouseBusyError: Names the holder.
        WarehouseUnusableError: What has the lock's name is not ours.
    """
    real = Path(os.path.realpath(path))
    lock_file = real.with_name(f"{real.name}.lock")
    _require_lock(lock_file)
    lock = filelock.FileLock(lock_file, timeout=timeout_seconds)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise WarehouseBusyError(str(path), _holder(lock_file)) from None
    try:
        held = WriterLock(real, run, _left_behind(lock_file))
        _write(lock_file, held, pid=os.getpid())
        try:
            yield held
        except Exception:
            # It failed and said so; only a kill or a signal leaves the note behind.
            _write(lock_file, held, pid=None)
            raise
        _write(lock_file, held, pid=None)
    finally:
        lock.release()


@dataclass(frozen=True)
class LockNote:
    """What the lock tells to those who do not want it.

    Attributes:
        holder: Who holds it now, in words; None when nobody does.
        interrupted: Runs that died holding it and that the next run will record.
    """

    holder: str | None
    interrupted: list[RunFacts]


def read_lock(path: Path) -> LockNote:
    """Who writes into a warehouse, and what was interrupted; changes nothing."""
    real = Path(os.path.realpath(path))
    lock_file = real.with_name(f"{real.name}.lock")
    if not os.path.lexists(lock_file):
        return LockNote(None, [])
    _require_lock(lock_file)
    left = _left_behind(lock_file)
    lock = filelock.FileLock(lock_file, timeout=0)
    try:
        with lock:
            return LockNote(None, left)
    except filelock.Timeout:
        return LockNote(_holder(lock_file), left[:-1])
    except OSError:  # a folder that only its owner may write to
        return LockNote(None, left)


def _require_lock(lock_file: Path) -> None:
    """Raise unless there is nothing, or a lock that a run has left or holds.

    A writer that died while it wrote left nothing, or the start of a note.
    """

    def begins(head: bytes) -> bool:
        return _NOTE_START.startswith(head[: len(_NOTE_START)])

    with suppress(PermissionError):  # a folder that only its owner may read
        require_ours(lock_file, begins, "is no lock of Newsmill's")


def _holder(lock_file: Path) -> str:
    note = _read(lock_file)
    if not note.get("pid"):
        return "another process"
    run = note["run"]
    return f"process {note['pid']} (run {run['run_id']}, since {run['started_at']})"


def _left_behind(lock_file: Path) -> list[RunFacts]:
    """Runs that held the lock and did not give it back."""
    note = _read(lock_file)
    runs = list(note.get("interrupted", []))
    if note.get("pid"):
        runs.append(note["run"])
    return [RunFacts.from_json(run) for run in runs]


def _read(lock_file: Path) -> dict[str, Any]:
    try:
        note = json.loads(lock_file.read_text("utf-8"))
        for run in (*note["interrupted"], note["run"]):
            RunFacts.from_json(run)
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}  # a writer may have died while writing it
    return dict(note)


def _write(lock_file: Path, held: WriterLock, *, pid: int | None) -> None:
    note = {
        "pid": pid,
        "run": held.run.as_json(),
        "interrupted": [run.as_json() for run in held.interrupted],
    }
    lock_file.write_text(json.dumps(note), "utf-8")
