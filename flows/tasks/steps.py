"""The steps of a run around its batches: what came in, and what is published."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from flows.batch.batches import Batch, Part, group_files, make_recipe
from flows.settings import Settings
from flows.tasks.session import Found, NewInputs, Session
from flows.weights import serving_weights
from transforms.contracts import REJECTS
from transforms.errors import AuditFailedError
from transforms.version import transform_version
from warehouse.known import known_documents, known_quarantine
from warehouse.lake.conflicts import LakeChangedError
from warehouse.publish.kill_points import break_here

if TYPE_CHECKING:
    pass


def discover(settings: Settings) -> Found:
    """List the paths and tell inputs from what cannot be one."""
    from transforms.discover.discover import discover as discover_files
    from warehouse.landing.listing import list_entries

    entries = list_entries(settings.seeds, follow_symlinks=settings.follow_symlinks)
    return Found(*discover_files(entries))


def land(found: Found, session: Session) -> NewInputs:
    """Hash every file; what the warehouse knows by content is done already.

    A file that no reader could make a document of is known as well: it stays held back
    until `newsmill quarantine retry`, and costs a hash.
    """
    from transforms.star.quarantine import build_quarantine, find_held_documents
    from warehouse.landing.landing import hash_files

    hashed, unread = hash_files(found.files)
    known = known_documents(session.writer.path).filter(
        pl.col("transform_version") == transform_version(session.settings.splitter),
        ~pl.col("document_id").is_in(list(session.again)),
    )
    fresh = (
        hashed.join(known, on="document_id", how="anti")
        .sort("document_id", "file_name", "path")
        .unique("document_id", keep="first", maintain_order=True)
    )
    held = known_quarantine(session.writer.path)
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
