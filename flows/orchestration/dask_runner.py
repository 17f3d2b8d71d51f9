"""Batches as Prefect task runs on a Dask cluster, through Prefect's own task runner."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect_dask.task_runners import DaskTaskRunner

from flows.batch.dask import (
    ABSENCE_SECONDS,
    BATCHES_UNDER_WAY,
    cluster_options,
    there,
    wait_again,
)
from flows.orchestration.runner import PrefectRunner
from flows.runners.memory import shared_machine
from flows.runners.runner import in_order, timed
from flows.settings import Settings

T = TypeVar("T")
Item = TypeVar("Item")


def _task_runner(settings: Settings) -> DaskTaskRunner:
    """Prefect's task runner for the scheduler that is named, or for local workers."""
    if settings.scheduler:
        return DaskTaskRunner(
            address=settings.scheduler, client_kwargs={"timeout": ABSENCE_SECONDS}
        )
    return DaskTaskRunner(cluster_kwargs=cluster_options(settings))


@dataclass
class PrefectDaskRunner(PrefectRunner):
    """Calls steps as task runs here, and batches as task runs on the cluster."""

    settings: Settings = field(default_factory=Settings)

    def map(
        self, step: Callable[[Item], T], items: Iterable[Item], *, workers: int
    ) -> Iterator[T]:
        """One task run per batch, on the cluster; results in item order."""
        recorded = task(
            name=step.__name__,
            task_run_name="{batch}",
            cache_policy=NO_CACHE,
            persist_result=False,
        )(there(step))
        with (
            timed(self.seconds, step.__name__),
            shared_machine(self.settings.worker_count),
            _task_runner(self.settings) as cluster,
        ):
            yield from in_order(
                lambda _, item: wait_again(
                    lambda: cluster.submit(recorded, {"batch": item}),
                    self.settings.scheduler,
                ),
                step,
                items,
                ahead=max(workers + 1, BATCHES_UNDER_WAY),
            )
