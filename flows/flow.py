"""The one Prefect flow: what a deployment runs and what `newsmill run` records."""

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.pipeline import run_pipeline
from flows.prefect_runner import PrefectRunner
from flows.reporting import summary_markdown
from flows.settings import Settings, load_settings
from flows.summary import RunSummary


@flow(
    name="newsmill-ingest",
    flow_run_name="ingest",
    task_runner=ThreadPoolTaskRunner(max_workers=8),  # type: ignore[arg-type]
    persist_result=False,
    timeout_seconds=None,
)
def ingest(
    paths: list[str] | None = None,
    warehouse: str | None = None,
    workers: int = 0,
    runner: str | None = None,
    scheduler: str | None = None,
) -> State[Any]:
    """Ingest new digests and records into the warehouse.

    Args:
        paths: Folders and files; the configured seeds when empty.
        warehouse: The DuckDB file; the configured one when empty.
        workers: Processes that transform batches; 0 takes one per core.
        runner: `local` or `dask`; the configured one when empty.
        scheduler: Address of a Dask scheduler; the configured one when empty.
    """
    settings = load_settings(
        seeds=tuple(map(Path, paths)) if paths else None,
        warehouse=Path(warehouse) if warehouse else None,
        workers=workers or None,
        runner=runner,
        scheduler=scheduler,
    )
    summary = run_pipeline(settings, _runner(settings))
    create_markdown_artifact(
        key="run-summary",
        markdown=summary_markdown(summary),
        description="What this run did, checked, and held back",
    )
    return Completed(message=summary.headline, data=summary)


def _runner(settings: Settings) -> PrefectRunner:
    if settings.runner == "dask":
        from flows.prefect_dask_runner import PrefectDaskRunner

        return PrefectDaskRunner(flow_run_id=str(flow_run.id), settings=settings)
    return PrefectRunner(flow_run_id=str(flow_run.id))


def record(settings: Settings) -> RunSummary:
    """Run the flow in this process, as a flow run of the API that is named.

    The heartbeat is off: it would hold every one-shot run for a second at its end, and
    a run from the command line is watched by its caller. Scheduled runs keep it.
    """
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        state = ingest(
            paths=[str(path) for path in settings.seeds],
            warehouse=str(settings.warehouse),
            workers=settings.workers,
            runner=settings.runner,
            scheduler=settings.scheduler,
            return_state=True,
        )
    result = state.result()
    assert isinstance(result, RunSummary)
    return result
