"""The run's facts, for its user."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from flows.batch.batches import Part
from flows.runners.runner import Runner
from flows.tasks.session import NewInputs, Session
from flows.tasks.summary import RunSummary
from transforms.contracts import PathOutcome

if TYPE_CHECKING:
    from expectations.audit import AuditReport


def summarize(
    session: Session,
    new: NewInputs,
    parts: Sequence[Part],
    run: Runner,
    start: float,
) -> RunSummary:
    """The run's facts, for its user."""
    counts, report = session.counts, session.report
    held_back = pl.concat([new.rejects, *(part.rejects for part in parts)])
    if report is not None:
        held_back = pl.concat([held_back, _set_aside(session)])
    copies = new.held_copies(held_back)
    before = new.rejects.join(new.new_rejects, on="path", how="anti")
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
            "found": new.found_count,
            **_outcomes(session, new),
            "read_again": new.again_count,
        },
        articles_new=counts.articles_new,
        occurrences_new=counts.occurrences_new,
        categories=_new_categories(session) if is_published else {},
        checks=report.count_checks() if report is not None else {},
        warnings=_warnings(report),
        silent_sources=_silent_sources(session) if is_published else [],
        characters={
            "total": counts.chars_total,
            "articles": counts.chars_in_articles,
            "separators": counts.chars_separator,
            "quarantined": counts.chars_quarantined,
        }
        if is_published
        else {},
        held_back=pl.concat([held_back, copies]),
        held_before=len(before) + len(new.held_copies(before)),
        seconds=seconds,
        warehouse=str(session.settings.warehouse),
    )


def _outcomes(session: Session, new: NewInputs) -> dict[str, int]:
    """Paths by what became of them; together they are all that were found."""
    if session.is_published:
        from warehouse.read.reports import read_report

        told = dict(
            read_report(
                session.settings.warehouse,
                "run_outcomes",
                run_key=session.writer.run.key,
            ).iter_rows()
        )
    else:
        told = dict(new.outcomes([])["outcome"].value_counts().iter_rows())
    return {name: told.get(outcome.value, 0) for name, outcome in _FILES.items()}


_FILES: Final = {
    "new": PathOutcome.LOADED,
    "known": PathOutcome.KNOWN,
    "copies": PathOutcome.COPY,
    "held_back": PathOutcome.HELD_BACK,
    "settled": PathOutcome.SETTLED,
}


def _new_categories(session: Session) -> dict[str, int]:
    from warehouse.read.reports import read_report

    rows = read_report(
        session.settings.warehouse, "run_categories", run_key=session.writer.run.key
    )
    return dict(rows.iter_rows())


def _silent_sources(session: Session) -> list[dict[str, Any]]:
    from warehouse.read.reports import read_report

    rows = read_report(session.settings.warehouse, "silent_sources").to_dicts()
    return [row | {"last_day": row["last_day"].isoformat()} for row in rows]


def _set_aside(session: Session) -> pl.DataFrame:
    """Articles that the audit of this run held back (contract REJECTS)."""
    from warehouse.read.reports import read_report

    run_key = session.writer.run.key
    return read_report(session.settings.warehouse, "run_set_aside", run_key=run_key)


def _warnings(report: "AuditReport | None") -> list[str]:
    if report is None:
        return []
    failed = report.results.filter(~pl.col("success"))
    return [f"{row['code']}: {row['observed']}" for row in failed.to_dicts()]
