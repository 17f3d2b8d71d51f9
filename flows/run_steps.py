"""The steps of a run around its batches: what came in, and what is published."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from flows.batches import Batch, Part, group_files, make_recipe
from flows.runners import Runner
from flows.settings import Settings
from flows.summary import RunSummary
from flows.weights import serving_weights
from transforms.contracts import REJECTS
from transforms.errors import AuditFailedError, WarehouseBusyError
from transforms.version import transform_version
from warehouse.conflicts import LakeChangedError, pause_before_retry
from warehouse.publish import Build, Writer, open_writer
from warehouse.runs import RunCounts, RunFacts
from warehouse.stops import break_here

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


def discover(settings: Settings) -> Found:
    """List the paths and tell inputs from what cannot be one."""
    from transforms.discover import discover as discover_files
    from warehouse.listing import list_entries

    entries = list_entries(settings.seeds, follow_symlinks=settings.follow_symlinks)
    return Found(*discover_files(entries))


def land(found: Found, session: Session) -> NewInputs:
    """Hash every file; what the warehouse knows by content is done already.

    A file that no reader could make a document of is known as well: it stays held back
    until `newsmill quarantine retry`, and costs a hash.
    """
    from transforms.quarantine import build_quarantine, find_held_documents
    from warehouse.landing import hash_files

    hashed, unread = hash_files(found.files)
    known = session.writer.known_documents().filter(
        pl.col("transform_version") == transform_version(session.settings.splitter),
        ~pl.col("document_id").is_in(list(session.again)),
    )
    fresh = (
        hashed.join(known, on="document_id", how="anti")
        .sort("document_id", "file_name", "path")
        .unique("document_id", keep="first", maintain_order=True)
    )
    held = session.writer.known_quarantine()
    refused = pl.DataFrame(schema={**REJECTS, "status": pl.String})
    if not session.is_retry:
        refused = find_held_documents(fresh, held.filter(pl.col("document_key") == 0))
        fresh = fresh.join(refused, on="document_id", how="anti")
    still = refused.filter(pl.col("status") == "open")
    rejects = pl.concat(
        frame.select(list(REJECTS)) for frame in (found.rejects, unread, still)
    )
    is_held = build_quarantine(rejects)["quarantine_key"].is_in(
        held["quarantine_key"].implode()
    )
    return NewInputs(
        batches=[] if fresh.is_empty() else _group(fresh, session),
        arrivals=hashed.select("document_id", "file_name", "path"),
        known_count=len(hashed.join(known, on="document_id", how="semi")),
        rejects=rejects,
        new_rejects=rejects.filter(~is_held),
    )


def _group(fresh: pl.DataFrame, session: Session) -> list[Batch]:
    return group_files(
        fresh,
        batch_bytes=session.settings.batch_bytes,
        workers=session.settings.worker_count,
        folder=session.folder,
        recipe=make_recipe(
            session.writer.run.started_at.date(),
            serving_weights(session.settings),
            session.settings.splitter,
        ),
    )


def stage(session: Session, parts: Sequence[Part], new: NewInputs) -> None:
    """Copy the warehouse and fill the copy's staging tables from the parts."""
    build = session.build = session.writer.start_build()
    if session.again:
        build.load_again(session.again & set(new.arrivals["document_id"]))
    build.load([part.path for part in parts])
    build.add_arrivals(new.arrivals)
    build.add_rejects(new.new_rejects)


def audit(session: Session, run_date: date) -> None:
    """Judge the staged rows; failing articles are set aside, failing runs end here."""
    from expectations.audit import audit as judge

    build = session.build
    assert build is not None
    break_here(build.connection)
    report = judge(build.connection, run_date=run_date)
    build.set_aside(report.failing_rows)
    build.record_quality(report.results)
    session.report = report
    if report.failed_critical:
        raise AuditFailedError(report.failed_critical)


def publish(session: Session, found: Found, new: NewInputs) -> None:
    """Make the audited rows visible, all at once; see `Session.attempts`."""
    assert session.build is not None
    try:
        session.counts = session.build.publish(
            files_in=len(found.files) + len(found.rejects),
            documents_known=new.known_count,
        )
    except LakeChangedError:
        return
    session.is_published = True


def summarize(
    session: Session, found: Found, new: NewInputs, parts: Sequence[Part],
    run: Runner, start: float,
) -> RunSummary:  # fmt: skip
    """The run's facts, for its user."""
    counts, report = session.counts, session.report
    held_back = pl.concat([new.rejects, *(part.rejects for part in parts)])
    if report is not None:
        held_back = pl.concat([held_back, _set_aside(session)])
    seconds = dict(run.seconds)
    for part in parts:
        for name, spent in part.seconds.items():
            seconds[name] = seconds.get(name, 0.0) + spent
    seconds["total"] = time.perf_counter() - start
    is_published = report is not None
    return RunSummary(
        run_id=session.writer.run.run_id if is_published else "",
        flow_run_id=run.flow_run_id,
        status="published" if is_published else "nothing_new",
        files={
            "found": len(found.files) + len(found.rejects),
            "new": counts.documents_new,
            "known": new.known_count,
            "held_back": len(new.rejects),
        },
        articles_new=counts.articles_new,
        occurrences_new=counts.occurrences_new,
        categories=_new_categories(session) if is_published else {},
        checks=_check_counts(report),
        warnings=_warnings(report),
        characters={
            "total": counts.chars_total,
            "articles": counts.chars_in_articles,
            "separators": counts.chars_separator,
            "quarantined": counts.chars_quarantined,
        }
        if is_published
        else {},
        held_back=held_back,
        held_before=len(new.rejects) - len(new.new_rejects),
        seconds=seconds,
        warehouse=str(session.settings.warehouse),
    )


def _new_categories(session: Session) -> dict[str, int]:
    from warehouse.reading import read_report

    rows = read_report(
        session.settings.warehouse, "run_categories", run_key=session.writer.run.key
    )
    return dict(rows.iter_rows())


def _set_aside(session: Session) -> pl.DataFrame:
    """Articles that the audit of this run held back (contract REJECTS)."""
    from warehouse.reading import read_report

    run_key = session.writer.run.key
    return read_report(session.settings.warehouse, "run_set_aside", run_key=run_key)


def _check_counts(report: "AuditReport | None") -> dict[str, int]:
    if report is None:
        return {}
    failed = report.results.filter(~pl.col("success"))
    warned = failed.filter(pl.col("severity") != "critical")
    return {
        "passed": len(report.results) - len(failed),
        "warned": len(warned),
        "failed": len(failed) - len(warned),
    }


def _warnings(report: "AuditReport | None") -> list[str]:
    if report is None:
        return []
    failed = report.results.filter(~pl.col("success"))
    return [f"{row['code']}: {row['observed']}" for row in failed.to_dicts()]
