"""What the tasks of one run share: its writer, its folder for parts, what was found."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from flows.batch.batches import Batch, Part
from flows.settings import Settings
from flows.wording import counted
from transforms.errors import ConservationError, WarehouseBusyError
from transforms.star.path_outcome import build_path_outcome
from transforms.text.inert import terminal_text
from warehouse.lake.conflicts import pause_before_retry
from warehouse.open_writer import open_writer
from warehouse.publish.file_writer import Build, Writer
from warehouse.runs import RunCounts, RunFacts

if TYPE_CHECKING:
    from expectations.audit import AuditReport

SHOWN_NAMES: Final = 10


@dataclass(frozen=True)
class FoundFiles:
    """What lies at the given paths.

    Attributes:
        files: Contract FILES.
        rejects: Contract REJECTS: what is there and cannot be read.
    """

    files: pl.DataFrame
    rejects: pl.DataFrame

    def describe(self) -> str:
        """How many files, and which of them cannot be read."""
        held = _named_reasons(self.rejects)
        return f"{counted(len(self.files), 'file')} to look at; {held}"


@dataclass(frozen=True)
class NewInputs:
    """What of it the warehouse does not know.

    Attributes:
        found_count: Paths that the run found.
        batches: Of new documents.
        containers: New archives and mailboxes, whose members are documents of their
            own: contract FILES with `document_id` and `container`.
        arrivals: `document_id`, `file_name`, `path` of all files that could be read.
        known: `document_id` of documents that the warehouse holds as they are.
        settled: Of those whose held row a person closed.
        again_count: New documents of the batches that other transforms have read.
        rejects: Contract REJECTS: not readable, whether or not that is news.
        new_rejects: Of these, what the warehouse does not hold back already.
    """

    found_count: int
    batches: list[Batch]
    containers: pl.DataFrame
    arrivals: pl.DataFrame
    known: pl.Series
    settled: pl.Series
    again_count: int
    rejects: pl.DataFrame
    new_rejects: pl.DataFrame

    @property
    def known_count(self) -> int:
        """Files whose document is in the warehouse."""
        return int(self.arrivals["document_id"].is_in(self.known.implode()).sum())

    def outcomes(self, parts: Sequence[Part]) -> pl.DataFrame:
        """What became of every path that was found (PATH_OUTCOMES).

        Args:
            parts: What the batches became.

        Raises:
            ConservationError: A path has no outcome, or more than one.
        """
        rejects = pl.concat([self.rejects, *(part.rejects for part in parts)])
        told = build_path_outcome(
            self.arrivals, rejects, known=self.known, settled=self.settled
        )
        if len(told) != self.found_count:
            raise ConservationError("land", "paths", self.found_count, len(told))
        return told

    def held_copies(self, held_back: pl.DataFrame) -> pl.DataFrame:
        """Other paths with the bytes of files that are held back (contract REJECTS).

        Args:
            held_back: Contract REJECTS; those of a part of a document have no copies.
        """
        whole = held_back.filter(pl.col("char_start").is_null())
        twins = whole.drop_nulls("document_id").unique("document_id", keep="first")
        return (
            self.arrivals.select("document_id", copy="path")
            .join(twins, on="document_id", maintain_order="left")
            .filter(~pl.col("copy").is_in(whole["path"].implode()))
            .with_columns(
                path="copy", detail=pl.format("the same bytes as {}", pl.col("path"))
            )
            .select(held_back.columns)
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that a run could write."""
        return not self.batches and not len(self.containers) + len(self.new_rejects)

    def describe(self) -> str:
        """Which files are new, which are known, and what is held back and why."""
        names = [name for batch in self.batches for name in batch.files["file_name"]]
        new = f"{counted(len(names), 'new document')} {_some(names)}".rstrip()
        again = f", {self.again_count:,} of them read again" * bool(self.again_count)
        batches = len(self.batches)
        return (
            f"{new}{again} in {batches} batch{'es' * (batches != 1)}; "
            f"{self.known_count:,} known; {_named_reasons(self.rejects)}"
        )


def _named_reasons(rejects: pl.DataFrame) -> str:
    """How many files are held back, and the first of them with their reasons."""
    if rejects.is_empty():
        return "none held back"
    named = rejects.select("path", "reason_code").rows()
    return f"{len(rejects):,} held back " + _some(
        [f"{Path(path or '').name}: {reason}" for path, reason in named]
    )


def _some(names: list[str]) -> str:
    """The first names, made inert; file names are anybody's."""
    shown = ", ".join(terminal_text(name, limit=80) for name in names[:SHOWN_NAMES])
    return f"({shown}{', …' * (len(names) > SHOWN_NAMES)})" if names else ""


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
