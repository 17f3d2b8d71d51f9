"""Take in what is new: the whole run on one screen, its tasks in their order."""

import time
from contextlib import ExitStack, suppress
from threading import Thread

from flows.api_address import run_notes
from flows.batch.batches import Batch, Part
from flows.batch.finished_parts import was_started
from flows.batch.isolation import (
    map_isolated,
    map_pieces,
    transform_alone,
    transform_here,
)
from flows.runners.runner import Runner
from flows.settings import Settings
from flows.tasks.audit import audit
from flows.tasks.discover import discover
from flows.tasks.land import land
from flows.tasks.publish import publish
from flows.tasks.session import new_run, open_session
from flows.tasks.stage import stage
from flows.tasks.summarize import summarize
from flows.tasks.summary import RunSummary
from flows.tasks.transform_batch import transform_batch, transform_piece
from warehouse.lake.address import absolute
from warehouse.runs import noted


def ingest(settings: Settings, run: Runner) -> RunSummary:
    """Ingest what is new below the given paths, or find that nothing is.

    Everything is computed before the published file is touched: batches become
    Parquet parts, the parts become staging tables beside a copy of the warehouse, the
    audit judges them there, and only then one rename publishes the copy.

    Args:
        settings: Paths, warehouse, and bounds.
        run: Calls the tasks, directly or as Prefect's.

    Raises:
        AuditFailedError: A critical check failed; nothing was published.
        WarehouseBusyError: Another writer holds the lock for too long.
        WarehouseUnusableError: The file is not ours, corrupt, or newer.
        UsageError: A path does not exist.
    """
    start = time.perf_counter()
    facts = new_run(run.flow_run_id)
    with ExitStack() as stack:
        stack.enter_context(noted(run_notes(), absolute(settings.warehouse), facts))
        found = run(discover, settings)
        session = stack.enter_context(open_session(settings, facts))
        new = run(land, found, session)
        parts: list[Part] = []
        if not new.is_empty:
            parts = transform_all(new.batches, run, settings)
            for _ in session.attempts():
                run(stage, session, parts, new)
                run(audit, session, facts.started_at.date())
                run(publish, session, new)
        return summarize(session, new, parts, run, start)


def transform_all(batches: list[Batch], run: Runner, settings: Settings) -> list[Part]:
    """Every batch as a part.

    Batches are transformed in worker processes, a task for each, while this one gets
    ready for the audit. Where somebody sees them, the stages of a lone batch of the
    usual size are tasks of this process instead. Batches that are cut need most memory,
    so they go one by one; a batch with which a process died goes alone.
    """
    if not batches:
        return []
    import_audit_ahead()
    workers = settings.worker_count
    parts: list[Part] = []
    waiting: list[Batch] = []
    for batch in batches:
        if was_started(batch):
            parts += transform_alone(run, transform_batch, batch)
        elif run.shows_stages and len(batches) == 1 and not batch.is_large:
            parts += transform_here(run, transform_batch, batch)
        elif batch.is_cut and settings.runner == "local":
            parts += map_isolated(run, transform_batch, [batch], workers=workers)
        else:
            waiting.append(batch)
    left = [part.left for part in parts if part.left is not None]
    while waiting or left:
        made = map_isolated(run, transform_batch, waiting + left, workers=workers)
        waiting, left = [], [part.left for part in made if part.left is not None]
        parts += made
    return map_pieces(run, transform_piece, parts, workers=workers)


def import_audit_ahead() -> None:
    """Import Great Expectations in a thread, beside work of other processes.

    It takes three seconds of one core, more than all else of a small run. Whoever
    imports it meanwhile waits for the thread.
    """

    def load() -> None:
        # The audit's own import will say what is wrong.
        with suppress(Exception):
            import expectations.audit  # noqa: F401

    Thread(target=load, name="import-audit").start()
