"""Tasks called directly: in this process, and batches in worker processes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from flows.runners.pool import worker_pool
from flows.runners.runner import call_logged, in_order, timed

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")


@dataclass
class DirectRunner:
    """Calls tasks without anybody between."""

    flow_run_id: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call one task and add its wall time to `seconds`."""
        with timed(self.seconds, task.__name__):
            return call_logged(task, *args, **kwargs)

    def map(
        self, task: Callable[[Item], T], items: Iterable[Item], *, workers: int
    ) -> Iterator[T]:
        """Call a task for each item; one worker means this process."""
        with timed(self.seconds, task.__name__), worker_pool(workers) as submit:
            yield from in_order(
                lambda item: submit(task, item), items, ahead=workers + 1
            )
