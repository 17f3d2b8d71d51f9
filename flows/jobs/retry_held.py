"""`newsmill quarantine retry`: held files and spans under the rules of today."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from flows.ingest import transform_all
from flows.runners.direct import DirectRunner
from flows.settings import Settings
from flows.tasks.audit import audit
from flows.tasks.discover import discover
from flows.tasks.land import land
from flows.tasks.publish import publish
from flows.tasks.session import Session, new_run, open_session
from flows.tasks.stage import stage
from transforms.errors import UsageError
from warehouse.amend.quarantine import find_held, note_tries, resolve_held
from warehouse.read.reports import read_report

GONE = "the file is gone: put it back where it was, or resolve the row"
CHANGED = "the file holds other bytes by now: resolve the row"
LINK = "still a link: run with --follow-symlinks, or name its target"


def retry(
    settings: Settings, wanted: list[str], *, reason: str | None = None
) -> list[dict[str, Any]]:
    """Take held rows through the pipeline again.

    A file is read as a whole again, so every row that is held back in it is tried, not
    only the one that was asked for.

    Args:
        settings: Warehouse and bounds.
        wanted: Keys; none means all rows that are open.
        reason: Only rows with this reason code.

    Returns:
        One row per row that was asked for: `quarantine_key`, `path`, `reason_code`,
        `event` (accepted, refused, missing), `note`, and its `status` now.

    Raises:
        UsageError: A key means no row, or one that is closed.
        AuditFailedError: A critical check failed; nothing was published.
        WarehouseBusyError: Another writer holds the lock for too long.
    """
    with open_session(settings, new_run(None)) as session:
        held = find_held(session.writer.path, wanted, reason=reason)
        _require_open(held)
        if held.is_empty():
            return []
        _replay(session, held)
    keys = held["quarantine_key"].to_list()
    return read_report(settings.warehouse, "quarantine_tried", keys=keys).to_dicts()


def resolve(settings: Settings, wanted: list[str], note: str) -> list[int]:
    """Close rows with a note; their history stays.

    Raises:
        UsageError: A key means no row, or one that is closed, or there is no note.
        WarehouseBusyError: Another writer holds the lock for too long.
    """
    if not note.strip():
        raise UsageError("a row is closed with a note", "Say why: --note TEXT")
    with open_session(settings, new_run(None)) as session:
        held = find_held(session.writer.path, wanted)
        _require_open(held)
        keys: list[int] = held["quarantine_key"].to_list()
        session.writer.start_build().amend(
            lambda connection: resolve_held(connection, keys, note)
        )
    return keys


def _require_open(held: pl.DataFrame) -> None:
    for row in held.filter(pl.col("status") != "open").to_dicts():
        raise UsageError(
            f"quarantine {row['quarantine_key']} is {row['status']} already",
            "Only open rows can be retried or resolved",
        )


def _replay(session: Session, held: pl.DataFrame) -> None:
    """Publish what today's rules make of the files of held rows."""
    paths = held.explode("paths").select("quarantine_key", path="paths").drop_nulls()
    there = {path: _find_file(path) for path in paths["path"].unique()}
    named = tuple(sorted({file for file in there.values() if file is not None}))
    if not named:
        notes = _notes(held, there, frozenset())
        session.writer.start_build().amend(
            lambda connection: note_tries(connection, notes)
        )
        return
    settings = session.settings
    session.settings = replace(settings, seeds=named)
    found = discover(session.settings)
    session.again = frozenset(held["document_id"].drop_nulls())
    session.is_retry = True
    new = land(found, session)
    parts = transform_all(new.batches, DirectRunner(), session.settings)
    notes = _notes(held, there, frozenset(new.arrivals["document_id"]))
    for _ in session.attempts():
        stage(session, parts, replace(new, new_rejects=new.rejects))
        assert session.build is not None
        session.build.note_tries(notes)
        audit(session, session.writer.run.started_at.date())
        publish(session, new)


def _find_file(path: str) -> Path | None:
    """The file at a path that need not be followed, or the archive that holds it."""
    for place in (Path(path), *Path(path).parents):
        # A name may be too long to ask pathlib for.
        if os.path.islink(place) or os.path.isdir(place):  # noqa: PTH112, PTH114
            return None
        if os.path.exists(place):  # noqa: PTH110
            return place
    return None


def _notes(
    held: pl.DataFrame, there: dict[str, Path | None], arrived: frozenset[str]
) -> pl.DataFrame:
    """One row per held row; what could not be tried says why."""
    notes = []
    for row in held.to_dicts():
        event = note = None
        if not any(there[path] for path in row["paths"] if path is not None):
            is_link = row["path"] is not None and os.path.islink(row["path"])  # noqa: PTH114
            event, note = ("refused", LINK) if is_link else ("missing", GONE)
        elif row["document_id"] is not None and row["document_id"] not in arrived:
            event, note = "missing", CHANGED
        notes.append((row["quarantine_key"], event, note))
    schema = {"quarantine_key": pl.Int64, "event": pl.String, "note": pl.String}
    return pl.DataFrame(notes, schema=schema, orient="row")
