"""Tasks called directly: in this process, and batches in worker processes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from flows.runners.pool import Pool, worker_pool
from flows.runners.runner import call_logged, in_order, timed

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")


@dataclass
class DirectRunner:
    """Calls tasks without anybody between.

    Attributes:
        pool: Of worker processes here, or of a cluster's.
        least_ahead: Batches to submit before the first is waited for, at least.
    """

    flow_run_id: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    pool: Pool = worker_pool
    least_ahead: int = 0
    shows_stages: bool = False

    def __call__(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call one task and add its wall time to `seconds`."""
        with timed(self.seconds, task.__name__):
            return call_logged(task, *args, **kwargs)

    def map(
        self, task: Callable[[Item], T], items: Iterable[Item], *, workers: int
    ) -> Iterator[T]:
        """Call a task for each item in the pool."""
        ahead = self.ahead(workers)
        with timed(self.seconds, task.__name__), self.pool(workers) as submit:
            yield from in_order(lambda item: submit(task, item), items, ahead=ahead)

    def ahead(self, workers: int) -> int:
        """Items that `map` has under way at most."""
        return max(workers + 1, self.least_ahead)
