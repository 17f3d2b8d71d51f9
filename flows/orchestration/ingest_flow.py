"""The ingest flow: what its deployment runs and what `newsmill run` records."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from flows.ingest import run_pipeline
from flows.orchestration.api_client import Progress, Telling
from flows.orchestration.artifacts import (
    ingest_artifacts,
    ingest_name,
    published_message,
)
from flows.orchestration.final_outcome import hear
from flows.orchestration.outcomes import Outcome, carry_out
from flows.orchestration.parameters import (
    NO_PATHS,
    Paths,
    PathText,
    Workers,
    given,
    settings_for,
)
from flows.orchestration.runner import PrefectRunner
from flows.orchestration.server.prefect_internals import (
    certificates_read_once,
    changed_settings,
    deployment_of_run,
)
from flows.orchestration.stale_runs import tidy
from flows.runners.watchers import watched_by
from flows.settings import Settings
from flows.tasks.summary import RunSummary

# At 5 MB/s, a tenth of what two cores do, six hours take in 100 GB.
TIMEOUT_SECONDS: Final = 6 * 3600


@flow(
    name="newsmill-ingest",
    flow_run_name="ingest",
    task_runner=ThreadPoolTaskRunner(max_workers=8),  # type: ignore[arg-type]
    persist_result=False,
    timeout_seconds=TIMEOUT_SECONDS,
)
def ingest(
    paths: Paths = NO_PATHS, warehouse: PathText = "", workers: Workers = 0
) -> State[Any]:
    """Take in what is new, audit it, and publish it.

    Files that the warehouse knows by content cost a hash. A run that fails publishes
    nothing.

    Args:
        paths: Folders and files to take in. Empty: the folders that the service was
            started with. Others must lie below them, or below NEWSMILL_ROOTS.
        warehouse: The DuckDB file to publish to. Empty: the one that the service was
            started with.
        workers: Processes that transform batches. 0: one per core.
    """

    def work(telling: Telling) -> Outcome:
        settings = settings_for(paths, warehouse, workers)
        _tidy(telling, settings.warehouse)
        with watched_by(Progress(telling)):
            summary = run_pipeline(settings, _runner(settings, telling))
        return Outcome(
            name=ingest_name(summary),
            message=published_message(
                summary.articles_new, summary.held_new, summary.held_before
            ),
            data=summary,
            artifacts=lambda: ingest_artifacts(summary, settings),
        )

    return carry_out(work)


def _runner(settings: Settings, telling: Telling) -> PrefectRunner:
    flow_run_id = str(telling.flow_run_id)
    if settings.runner == "dask":
        from flows.orchestration.dask_runner import PrefectDaskRunner

        return PrefectDaskRunner(flow_run_id, settings=settings)
    return PrefectRunner(flow_run_id)


def _tidy(telling: Telling, warehouse: Path) -> None:
    whose = deployment_of_run()
    if whose is None:
        return
    ours = UUID(str(flow_run.id))
    said = telling(lambda client: tidy(client, ours, whose, warehouse))
    if said:
        get_run_logger().info(said)


def record(settings: Settings) -> RunSummary:
    """Run the flow in this process, as a flow run of the API that is named.

    The heartbeat is off: it would hold every one-shot run for a second at its end, and
    a run from the command line is watched by its caller. Scheduled runs keep it.

    Raises:
        NewsmillError: What ended the run.
    """

    def call() -> None:
        without = changed_settings({"flows.heartbeat_frequency": None})
        with without, certificates_read_once(), given(settings):
            ingest.with_options(timeout_seconds=None)(
                paths=[str(path) for path in settings.seeds],
                warehouse=str(settings.warehouse),
                workers=settings.workers,
                return_state=True,
            )

    result = hear(call)
    assert isinstance(result, RunSummary)
    return result
