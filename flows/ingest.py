"""The whole run on one screen: discover, land, transform, stage, audit, publish."""

import time

from flows.batch.ahead import import_audit
from flows.batch.batches import Part
from flows.batch.worker import transform_apart, transform_beside, transform_piece
from flows.runners.memory import keep_little_memory
from flows.runners.pool import end_workers
from flows.runners.runner import Runner
from flows.settings import Settings
from flows.tasks.session import NewInputs, new_run, open_session
from flows.tasks.steps import audit, discover, land, publish, stage
from flows.tasks.summarize import summarize
from flows.tasks.summary import RunSummary


def run_pipeline(settings: Settings, run: Runner) -> RunSummary:
    """Ingest what is new below the given paths, or find that nothing is.

    Everything is computed before the published file is touched: batches become
    Parquet parts, the parts become staging tables beside a copy of the warehouse, the
    audit judges them there, and only then one rename publishes the copy.

    Args:
        settings: Paths, warehouse, and bounds.
        run: Calls the steps, directly or as Prefect tasks.

    Raises:
        AuditFailedError: A critical check failed; nothing was published.
        WarehouseBusyError: Another writer holds the lock for too long.
        WarehouseUnusableError: The file is not ours, corrupt, or newer.
        UsageError: A path does not exist.
    """
    start = time.perf_counter()
    found = run(discover, settings)
    facts = new_run(run.flow_run_id)
    with open_session(settings, facts) as session:
        new = run(land, found, session)
        parts: list[Part] = []
        if not new.is_empty:
            parts = transform(new, run, settings)
            for _ in session.attempts():
                run(stage, session, parts, new)
                run(audit, session, facts.started_at.date())
                run(publish, session, found, new)
        return summarize(session, found, new, parts, run, start)


def transform(new: NewInputs, run: Runner, settings: Settings) -> list[Part]:
    """Every batch as a part, in worker processes: a lone batch step by step."""
    is_alone = len(new.batches) == 1
    if is_alone:
        import_audit()
        parts = [transform_beside(new.batches[0], run)]
    else:
        keep_little_memory()
        workers = min(settings.worker_count, len(new.batches))
        parts = list(run.map(transform_apart, new.batches, workers=max(workers, 1)))
    # What is left of batches with a large file.
    pieces = [piece for part in parts for piece in part.pieces]
    if pieces:
        workers = min(settings.worker_count, len(pieces))
        parts += run.map(transform_piece, pieces, workers=workers)
    # Their memory is for the load.
    end_workers()
    if not is_alone:
        # Beside workers it would take their memory, and no less time.
        import_audit()
    return parts
