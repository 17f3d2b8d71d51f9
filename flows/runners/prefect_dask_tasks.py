"""Batches as Prefect task runs on a Dask cluster, through Prefect's own task runner."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from prefect_dask.task_runners import DaskTaskRunner

from flows.runners.dask_cluster import (
    ABSENCE_SECONDS,
    BATCHES_UNDER_WAY,
    cluster_options,
    wait_again,
)
from flows.runners.prefect_tasks import PrefectRunner
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
    """Calls tasks as task runs here, and batches as task runs on the cluster."""

    settings: Settings = field(default_factory=Settings)

    def map(
        self, task: Callable[[Item], T], items: Iterable[Item], *, workers: int
    ) -> Iterator[T]:
        """One task run per batch, on the cluster; results in item order."""
        recorded = self.recorded(task, "{batch}")
        with (
            timed(self.seconds, task.__name__),
            _task_runner(self.settings) as cluster,
        ):

            def submit(item: Item) -> Callable[[], T]:
                return wait_again(
                    lambda: cluster.submit(recorded, {"batch": item}),
                    self.settings.scheduler,
                )

            yield from in_order(
                submit, items, ahead=max(workers + 1, BATCHES_UNDER_WAY)
            )
