"""`newsmill status`: what the last runs did, who writes now, and what was killed."""

from dataclasses import dataclass
from typing import Any, Final

from flows.api_address import run_notes
from flows.settings import Settings
from flows.weights import version_with
from transforms.errors import WarehouseUnusableError
from warehouse.lake.address import absolute, find_lake
from warehouse.publish.lock import read_lock
from warehouse.read.known import known_documents
from warehouse.read.reports import read_report
from warehouse.runs import killed_runs

# A note of a run that has published is older than no other run than those beside it.
_LOOKED_AT: Final = 50


@dataclass(frozen=True)
class Status:
    """Where a warehouse stands.

    Attributes:
        runs: As the report `status` has them, newest first.
        writer: Who writes now, in words; None when nobody does.
        interrupted: `run_id` of runs that were killed, which the next run takes up.
        outdated_documents: Read by other transforms than those of today.
    """

    runs: list[dict[str, Any]]
    writer: str | None
    interrupted: list[str]
    outdated_documents: int


def read_status(settings: Settings, limit: int) -> Status:
    """Look at a warehouse, its lock, and the notes of runs; changes nothing.

    Args:
        settings: Name the warehouse.
        limit: Runs to list.

    Raises:
        WarehouseUnusableError: There is none, or none that can be read; a first run
            that was killed is told without one.
    """
    file = settings.warehouse
    note = read_lock(file)
    noted = [*killed_runs(run_notes(), absolute(file)), *note.interrupted]
    try:
        runs = read_report(file, "status", row_limit=max(limit, _LOOKED_AT)).to_dicts()
    except WarehouseUnusableError:
        if find_lake(file) or file.exists() or not noted:
            raise
        runs = []
    versions = known_documents(file)["transform_version"]
    current = version_with(settings.splitter, settings.without)
    published = {run["run_id"] for run in runs}
    return Status(
        runs[:limit],
        note.holder,
        sorted({run.run_id for run in noted} - published),
        int((versions != current).sum()),
    )
