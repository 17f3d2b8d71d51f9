"""What the tasks of one run share: its writer, its folder for parts, what was found."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from flows.batch.batches import Batch
from flows.settings import Settings
from transforms.errors import WarehouseBusyError
from warehouse.lake.conflicts import pause_before_retry
from warehouse.open_writer import open_writer
from warehouse.publish.file_writer import Build, Writer
from warehouse.runs import RunCounts, RunFacts

if TYPE_CHECKING:
    from expectations.audit import AuditReport


@dataclass(frozen=True)
class Found:
    """What lies at the given paths.

    Attributes:
        files: Contract FILES.
        rejects: Contract REJECTS: what is there and cannot be read.
    """

    files: pl.DataFrame
    rejects: pl.DataFrame


@dataclass(frozen=True)
class NewInputs:
    """What of it the warehouse does not know.

    Attributes:
        batches: Of new documents.
        arrivals: `document_id`, `file_name`, `path` of all files that could be read.
        known_count: Files whose document is in the warehouse.
        rejects: Contract REJECTS: not readable, whether or not that is news.
        new_rejects: Of these, what the warehouse does not hold back already.
    """

    batches: list[Batch]
    arrivals: pl.DataFrame
    known_count: int
    rejects: pl.DataFrame
    new_rejects: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that a run could write."""
        return not self.batches and self.new_rejects.is_empty()


class Session:
    """One run's writer, its folder for parts, and what audit and publishing said.

    Not a dataclass: Prefect rebuilds those among a task's arguments, and what a step
    notes here is for the steps after it.
    """

    def __init__(self, settings: Settings, writer: Writer, folder: Path) -> None:
        self.settings, self.writer, self.folder = settings, writer, folder
        self.build: Build | None = None
        self.report: AuditReport | None = None
        self.again: frozenset[str] = frozenset()  # known documents to read again
        self.is_retry = False  # files that are held back as a whole are read again
        self.counts = RunCounts()
        self.is_published = False

    def attempts(self) -> Iterator[None]:
        """One turn for each try to publish: a lake that changed meanwhile asks again.

        Raises:
            WarehouseBusyError: Others came first for longer than may be waited.
        """
        waited = 0.0
        while not self.is_published:
            yield
            if not self.is_published:
                waited += pause_before_retry(waited)
                if waited > self.settings.lock_timeout_seconds:
                    raise WarehouseBusyError(str(self.writer.path), "other loads")


def new_run(flow_run_id: str | None) -> RunFacts:
    """Name a run: sortable by start, and unlike any other."""
    started_at = datetime.now(UTC)
    run_id = f"{started_at:%Y%m%dT%H%M%S.%fZ}-{os.urandom(4).hex()}"
    return RunFacts(run_id, started_at, version("newsmill"), flow_run_id)


@contextmanager
def open_session(settings: Settings, facts: RunFacts) -> Iterator[Session]:
    """Hold the writer's lock and a folder for parts."""
    with (
        open_writer(
            settings.warehouse,
            facts,
            lock_timeout_seconds=settings.lock_timeout_seconds,
        ) as writer,
        writer.parts_folder() as folder,
    ):
        yield Session(settings, writer, folder)
