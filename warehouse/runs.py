"""What is known of a run: by its writer while it goes on, by `dim_run` afterwards."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

import duckdb

from transforms.keys import surrogate_key


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
