"""Tasks called as Prefect's, so that its UI shows what each did.

A task runs where its work is done: those of a run in its process, batches in the
worker processes of Prefect's own task runners.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, ParamSpec, TypeVar

from prefect import task as prefect_task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed
from prefect.task_runners import ProcessPoolTaskRunner
from prefect.tasks import Task

from flows.runners.pool import Pool, Submit, Workers, prepare_worker
from flows.runners.runner import call_logged, described, in_order, timed
from flows.runners.transient_errors import is_transient
from flows.verbosity import current_level

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")

# A network folder that is away for a moment is tried again, then after a minute, and
# at last after three.
RETRY_SECONDS: Final = (15.0, 60.0, 180.0)


@contextmanager
def process_pool(workers: int) -> Iterator[Submit]:
    """Submit task runs to worker processes of this machine; one means this process.

    Raises:
        OutOfSpaceError: A worker was ended for want of memory.
        ChildProcessError: A worker ended otherwise.
    """
    if workers == 1:
        yield lambda task, item: lambda: task(item).result()
        return
    watched = Workers()
    with ProcessPoolTaskRunner(
        max_workers=workers,
        initializer=prepare_worker,
        initargs=(workers, current_level()),
    ) as pool:
        try:
            yield lambda task, item: watched.submitted(
                lambda: pool.submit(task, {"batch": item})
            )
        except BaseException:
            watched.end()
            raise


@dataclass
class PrefectRunner:
    """Calls tasks as task runs of the flow run that is under way.

    Attributes:
        is_retried: Whether a task is tried again when its cause may pass by itself; a
            run at a terminal is for its user to repeat.
        pool: Of Prefect's task runner for this machine, or for a cluster.
        least_ahead: Batches to submit before the first is waited for, at least.
        after: What to do with the result of a task of this process, by its name, as a
            part of its task run.
    """

    flow_run_id: str | None = None
    is_retried: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    pool: Pool = process_pool
    least_ahead: int = 0
    shows_stages: bool = True
    after: dict[str, Callable[[Any], None]] = field(default_factory=dict)

    def __call__(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call one task in this process."""
        with timed(self.seconds, task.__name__):
            state: Any = self.recorded(task, task.__name__)(*args, **kwargs)
            result: T = state.result()
            return result

    def map(
        self, task: Callable[[Item], T], items: Iterable[Item], *, workers: int
    ) -> Iterator[T]:
        """One task run per batch, in worker processes; results in item order."""
        recorded = self.recorded(task, "{batch}")
        ahead = self.ahead(workers)
        with timed(self.seconds, task.__name__), self.pool(workers) as submit:
            yield from in_order(lambda item: submit(recorded, item), items, ahead=ahead)

    def ahead(self, workers: int) -> int:
        """Items that `map` has under way at most."""
        return max(workers + 1, self.least_ahead)

    def recorded(self, task: Callable[..., T], run_name: str) -> Task[..., Any]:
        """The task as Prefect calls it; its final state says what it did.

        Without a cache policy Prefect would pickle whole frames to hash them.

        Args:
            task: A function of a module, so that a worker process finds it.
            run_name: Of its task runs; may name parameters in braces.
        """
        follow = self.after.get(task.__name__)

        def work(*args: Any, **kwargs: Any) -> State[T]:  # noqa: ANN401 - as the task's
            result = call_logged(task, *args, **kwargs)
            if follow is not None:
                follow(result)
            return Completed(message=described(result), data=result)

        def work_on(batch: Any) -> State[T]:  # noqa: ANN401 - of any kind
            return work(batch)

        return prefect_task(
            name=task.__name__,
            description=(task.__doc__ or "").partition("\n")[0],
            task_run_name=run_name,
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=len(RETRY_SECONDS) if self.is_retried else 0,
            retry_delay_seconds=list(RETRY_SECONDS),
            retry_condition_fn=_may_pass,
        )(work_on if "{batch}" in run_name else work)


def _may_pass(_: Task[..., Any], __: object, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, BaseException) and is_transient(error)
