"""The whole run on one screen: discover, land, transform, load, audit, publish."""

import time
from datetime import UTC, datetime

from flows import steps
from flows.runners import Runner
from flows.settings import Settings
from flows.summary import RunSummary


def run_pipeline(settings: Settings, run: Runner) -> RunSummary:
    """Ingest what is new below the given paths, or find that nothing is.

    Everything is computed before the published file is touched: batches become
    Parquet parts, the parts become staging tables in a copy of the warehouse, the
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
    facts = steps.new_run(settings, run.flow_run_id, started_at=datetime.now(UTC))
    with steps.writer(settings, facts) as writer:
        found = run(steps.discover, settings)
        new = run(steps.land, found, writer)
        if new.is_empty:
            return steps.summarize_nothing(found, new, run, start)
        if len(new.batches) == 1:
            parts = [steps.transform_batch(new.batches[0], run)]
        else:
            parts = list(
                run.map(
                    steps.transform_apart, new.batches, workers=settings.worker_count
                )
            )
        run(steps.stage, writer, parts, new)
        report = run(steps.audit, writer, facts)
        run(steps.publish, writer, report)
        return steps.summarize(found, new, parts, report, writer, run, start)
