"""Steps as Prefect task runs: each step a task of its name, each batch a task."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.runners.pool import worker_pool
from flows.runners.runner import in_order, timed

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")


@dataclass
class PrefectRunner:
    """Calls steps as task runs of the flow run that is under way."""

    flow_run_id: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call one step as a task of its name.

        Without a cache policy Prefect would pickle whole frames to hash them.
        """
        with timed(self.seconds, step.__name__):
            recorded = task(
                name=step.__name__,
                task_run_name=step.__name__,
                cache_policy=NO_CACHE,
                persist_result=False,
            )(step)
            return recorded(*args, **kwargs)

    def map(
        self, step: Callable[[Item], T], items: Iterable[Item], *, workers: int
    ) -> Iterator[T]:
        """One task run per batch, in worker processes; results in item order."""
        with timed(self.seconds, step.__name__), worker_pool(workers) as submit:

            @task(
                name=step.__name__,
                task_run_name="{item}",
                cache_policy=NO_CACHE,
                persist_result=False,
            )
            def recorded(item: Item) -> T:
                result: T = submit(step, item)()
                return result

            yield from in_order(
                lambda _, item: recorded.submit(item).result,
                step,
                items,
                ahead=workers + 1,
            )
