"""What is known of a run: by its writer while it goes on, by `dim_run` afterwards."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import duckdb

from transforms.keys import surrogate_key

_ONLY_OWNER = 0o700


@dataclass(frozen=True)
class RunFacts:
    """One run as it starts.

    Attributes:
        run_id: Natural key; sorts by start.
        started_at: UTC.
        version: Of Newsmill.
        flow_run_id: The Prefect flow run; None for a direct run.
    """

    run_id: str
    started_at: datetime
    version: str
    flow_run_id: str | None = None

    @property
    def key(self) -> int:
        """Key in `dim_run`."""
        return surrogate_key(self.run_id)

    @property
    def started_at_utc(self) -> datetime:
        """Without a zone, as the warehouse keeps it."""
        return self.started_at.astimezone(UTC).replace(tzinfo=None)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the lock file."""
        return asdict(self) | {"started_at": self.started_at.isoformat()}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        """The reverse of `as_json`; keys that are not ours are ignored."""
        return cls(
            run_id=str(plain["run_id"]),
            started_at=datetime.fromisoformat(plain["started_at"]),
            version=str(plain["version"]),
            flow_run_id=plain.get("flow_run_id"),
        )


@dataclass(frozen=True)
class RunCounts:
    """What a published run added, as in `dim_run`."""

    files_in: int = 0
    documents_new: int = 0
    documents_known: int = 0
    articles_new: int = 0
    occurrences_new: int = 0
    rows_quarantined: int = 0
    chars_total: int = 0
    chars_in_articles: int = 0
    chars_separator: int = 0
    chars_quarantined: int = 0


@contextmanager
def noted(folder: Path, warehouse: str, run: RunFacts) -> Iterator[None]:
    """Keep a note of a run for the time of the block, locked while its process lives.

    One that is there and not locked is of a run that was killed. Notes of earlier runs
    of the warehouse go: what they left is taken up. Where none can be written, none is.

    Args:
        folder: Of this user's notes.
        warehouse: Absolute.
        run: As it starts.
    """
    path = folder / f"{run.run_id}.json"
    for earlier in killed_runs(folder, warehouse):
        with suppress(OSError):
            (folder / f"{earlier.run_id}.json").unlink()
    note = _open_note(path)
    try:
        if note is not None:
            written = {"warehouse": warehouse, "run": run.as_json()}
            os.write(note, json.dumps(written).encode())
        yield
    finally:
        if note is not None:
            with suppress(OSError):
                path.unlink()
                folder.rmdir()
            os.close(note)


def _open_note(path: Path) -> int | None:
    try:
        path.parent.mkdir(_ONLY_OWNER, parents=True, exist_ok=True)
        note = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        return None
    with suppress(OSError):  # a file system without locks
        fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return note


def killed_runs(folder: Path, warehouse: str) -> list[RunFacts]:
    """Runs of a warehouse whose notes are there, and whose processes are not."""
    found = []
    for path in sorted(folder.glob("*.json")):
        with suppress(OSError, ValueError, LookupError, TypeError):
            with path.open(encoding="utf-8") as note:
                fcntl.flock(note, fcntl.LOCK_SH | fcntl.LOCK_NB)
                plain = json.load(note)
            if plain["warehouse"] == warehouse:
                found.append(RunFacts.from_json(plain["run"]))
    return found


def record_interrupted(
    connection: duckdb.DuckDBPyConnection, runs: Sequence[RunFacts]
) -> None:
    """Add runs that died before they published; one that did publish stays as it is."""
    for run in runs:
        connection.execute(
            "INSERT INTO main.dim_run "
            "(run_key, run_id, flow_run_id, started_at, version, status) "
            "VALUES (?, ?, ?, ?, ?, 'interrupted') ON CONFLICT DO NOTHING",
            [run.key, run.run_id, run.flow_run_id, run.started_at_utc, run.version],
        )
