"""The three flows as Prefect runs them: for a deployment, or to record a run."""

from typing import Any, Final
from uuid import UUID

import httpx
from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.ingest import ingest as ingest_new
from flows.orchestration.api_client import ApiClient, Progress
from flows.orchestration.artifacts import (
    checks_table,
    dataset_artifacts,
    findings_markdown,
    ingest_artifacts,
    ingest_name,
    published_message,
)
from flows.orchestration.outcomes import Outcome, carry_out
from flows.orchestration.parameters import (
    NO_PATHS,
    Caller,
    Paths,
    PathText,
    Version,
    WorkerCount,
    called_by,
    deployment_of_run,
    is_deployed,
    settings_for,
    takes_all,
)
from flows.orchestration.stale_runs import settle_earlier_runs
from flows.recheck import recheck as prove_again
from flows.reclassify import reclassify as score_stored
from flows.runners.prefect_tasks import PrefectRunner
from flows.runners.watchers import watched_by
from flows.settings import Settings
from flows.tasks.summary import RunSummary
from flows.wording import counted
from transforms.errors import UsageError

# At 5 MB/s, a tenth of what two cores do, six hours take in 100 GB.
INGEST_SECONDS: Final = 6 * 3600
RECHECK_SECONDS: Final = 6 * 3600
RECLASSIFY_SECONDS: Final = 12 * 3600


@flow(
    name="newsmill-ingest",
    flow_run_name="ingest",
    persist_result=False,
    timeout_seconds=INGEST_SECONDS,
)
def ingest(
    paths: Paths = NO_PATHS, warehouse: PathText = "", workers: WorkerCount = 0
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

    def work(api: ApiClient) -> Outcome:
        settings = settings_for(paths, warehouse, workers)
        _settle_earlier_runs(api, settings)
        run = _runner(settings, api)
        run.after["publish"] = lambda counts: _show_datasets(settings, api, counts)
        with watched_by(Progress(api)):
            summary = ingest_new(settings, run)
        return Outcome(
            name=ingest_name(summary),
            message=published_message(
                summary.articles_new, summary.held_new, summary.held_before
            ),
            data=summary,
            artifacts=lambda: ingest_artifacts(summary, settings),
        )

    return carry_out(work)


@flow(
    name="newsmill-recheck",
    flow_run_name="re-check",
    persist_result=False,
    timeout_seconds=RECHECK_SECONDS,
)
def recheck(warehouse: PathText = "") -> State[Any]:
    """Read every block of the warehouse and prove again what it promises.

    Nothing is written or locked.

    Args:
        warehouse: The DuckDB file to read. Empty: the one that the service was started
            with.
    """

    def work(api: ApiClient) -> Outcome:
        settings = settings_for(warehouse=warehouse)
        found = prove_again(settings, _runner(settings, api))
        warned = found.report.count_checks()["warned"]
        said = (
            f"{counted(len(found.findings), 'finding')} in "
            f"{counted(found.articles, 'article')}"
        )
        return Outcome(
            name=f"re-check: {said}",
            message=f"{said}, {counted(warned, 'warning')}",
            data=found.findings,
            artifacts=lambda: [
                findings_markdown(found.findings, found.articles),
                checks_table(found.report.results.sort("success", "code").to_dicts()),
            ],
            is_good=not found.findings,
        )

    return carry_out(work)


@flow(
    name="newsmill-reclassify",
    flow_run_name="reclassify with version {version}",
    persist_result=False,
    timeout_seconds=RECLASSIFY_SECONDS,
)
def reclassify(
    version: Version, warehouse: PathText = "", *, promote: bool = False
) -> State[Any]:
    """Score all stored articles with a classifier version that has not scored them.

    Scores of other versions stay. A run that was stopped goes on where it was.

    Args:
        version: Of the classifier: the name that `newsmill train --version` gave it.
        warehouse: The DuckDB file. Empty: the one that the service was started with.
        promote: Let the views show this version afterwards.
    """

    def work(api: ApiClient) -> Outcome:
        settings = settings_for(warehouse=warehouse)
        run = _runner(settings, api)
        scored = counted(
            score_stored(settings, version, run, promote=promote), "article"
        )
        serves = ", which serves now" if promote else ""
        said = f"{scored} scored by version {version}{serves}"
        return Outcome(name=said, message=said)

    return carry_out(work)


def _runner(settings: Settings, api: ApiClient) -> PrefectRunner:
    flow_run_id = str(api.flow_run_id)
    if settings.runner == "dask":
        from flows.runners.prefect_dask_tasks import prefect_dask_runner

        return prefect_dask_runner(flow_run_id, settings, is_retried=is_deployed())
    return PrefectRunner(flow_run_id, is_deployed())


def _show_datasets(settings: Settings, api: ApiClient, counts: object) -> None:
    """Leave what `openlineage-prefect` reads beside a task that has published."""
    if counts is not None:
        for artifact in dataset_artifacts(settings):
            api.show(artifact)


def _settle_earlier_runs(api: ApiClient, settings: Settings) -> None:
    deployment = deployment_of_run()
    if deployment is None:
        return
    ours = UUID(str(flow_run.id))
    said = api(
        lambda client: settle_earlier_runs(
            client,
            ours,
            deployment,
            settings.warehouse,
            takes_all=takes_all(settings),
        )
    )
    if said:
        get_run_logger().info(said)


def record(settings: Settings, *, is_server_watched: bool = True) -> RunSummary:
    """Run the ingest in this process, as a flow run of the API that is named.

    The heartbeat is off: it would hold every one-shot run for a second at its end, and
    a run from the command line is watched by its caller. Scheduled runs keep it.

    Args:
        settings: Of the run.
        is_server_watched: Whether somebody starts the server again when it dies.

    Raises:
        NewsmillError: What ended the run.
        UsageError: The API did not let it begin.
    """
    caller = Caller(settings, is_server_watched)
    with (
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        called_by(caller),
    ):
        try:
            state = ingest.with_options(timeout_seconds=None)(
                paths=[str(path) for path in settings.seeds],
                warehouse=str(settings.warehouse),
                workers=settings.workers,
                return_state=True,
            )
            if caller.outcome is None:
                # What Prefect caught is no failure that we expect: let it be seen.
                state.result()
        except httpx.HTTPError as error:
            # The server died, which stops no run; it had nothing to do with an outcome.
            if caller.outcome is None:
                raise UsageError(
                    f"Prefect's API does not record this run: {error!r}",
                    "Nothing was published; see to its server, or run with --direct",
                ) from error
    if isinstance(caller.outcome, BaseException):
        raise caller.outcome
    assert isinstance(caller.outcome, RunSummary)
    return caller.outcome
