"""Batches as Prefect task runs on a Dask cluster, through Prefect's own task runner."""

from collections.abc import Iterator
from contextlib import contextmanager

from prefect_dask.task_runners import DaskTaskRunner

from flows.runners.dask_cluster import (
    BATCHES_UNDER_WAY,
    SCHEDULER_ABSENCE_SECONDS,
    cluster_options,
    wait_again,
)
from flows.runners.pool import Submit
from flows.runners.prefect_tasks import PrefectRunner
from flows.settings import Settings


def prefect_dask_runner(
    flow_run_id: str, settings: Settings, *, is_retried: bool
) -> PrefectRunner:
    """Calls tasks as task runs here, and batches as task runs on the cluster."""

    @contextmanager
    def pool(_: int) -> Iterator[Submit]:
        with _task_runner(settings) as cluster:
            yield lambda task, item: wait_again(
                lambda: cluster.submit(task, {"batch": item}), settings.scheduler
            )

    return PrefectRunner(
        flow_run_id, is_retried, pool=pool, least_ahead=BATCHES_UNDER_WAY
    )


def _task_runner(settings: Settings) -> DaskTaskRunner:
    """Prefect's task runner for the scheduler that is named, or for local workers."""
    if settings.scheduler:
        return DaskTaskRunner(
            address=settings.scheduler,
            client_kwargs={"timeout": SCHEDULER_ABSENCE_SECONDS},
        )
    return DaskTaskRunner(cluster_kwargs=cluster_options(settings))
