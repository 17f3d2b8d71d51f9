"""How the tasks of a run are called, whoever calls them.

A pipeline is written once, against Runner. Nothing here knows Prefect or Dask.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import ParamSpec, Protocol, TypeVar, runtime_checkable

from flows.process_end import raise_if_stopped
from flows.runners.watchers import WATCHERS

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")

logger = logging.getLogger(__name__)


class Runner(Protocol):
    """Calls one task, or one task over many batches, and gives back what it gave.

    Attributes:
        flow_run_id: Of Prefect; None when it does not record the run.
        shows_stages: Whether somebody sees the stages of a lone batch as tasks.
        seconds: Wall time per task so far.
    """

    flow_run_id: str | None
    shows_stages: bool
    seconds: dict[str, float]

    def __call__(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call one task in this process, under its own name."""
        ...

    def map(
        self, task: Callable[[Item], T], items: Iterable[Item], *, workers: int
    ) -> Iterator[T]:
        """Call a task for each item in worker processes; results in item order."""
        ...

    def ahead(self, workers: int) -> int:
        """Items that `map` has under way at most."""
        ...


@runtime_checkable
class Described(Protocol):
    """A result that can say in a line what it holds."""

    def describe(self) -> str:
        """Counts and names, never text of an article."""
        ...


def described(result: object) -> str:
    """What a task did, in a line, for logs and for Prefect's UI."""
    return result.describe() if isinstance(result, Described) else "done"


def call_logged(task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a task, and log what came of it and how long it took."""
    start = time.perf_counter()
    result = task(*args, **kwargs)
    took = time.perf_counter() - start
    logger.info("%s: %s (%.2f s)", task.__name__, described(result), took)
    return result


@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add the block's wall time to an entry; between tasks a run may be stopped."""
    raise_if_stopped()
    for watcher in WATCHERS:
        watcher.started(name)
    start = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - start
    raise_if_stopped()


def in_order(
    submit: Callable[[Item], Callable[[], T]], items: Iterable[Item], *, ahead: int
) -> Iterator[T]:
    """Results in item order; at most `ahead` items are under way, memory is bounded.

    Args:
        submit: Starts work on an item, and gives a way to wait for its result.
        items: Of which the number is told to watchers when it is known.
        ahead: Items submitted before the first result is waited for.
    """
    total = len(items) if isinstance(items, Sized) else 0
    for done, result in enumerate(_in_order(submit, items, ahead), 1):
        for watcher in WATCHERS:
            watcher.finished(done, total)
        yield result


def _in_order(
    submit: Callable[[Item], Callable[[], T]], items: Iterable[Item], ahead: int
) -> Iterator[T]:
    waiting: list[Callable[[], T]] = []
    for item in items:
        waiting.append(submit(item))
        if len(waiting) >= ahead:
            yield waiting.pop(0)()
    for wait in waiting:
        yield wait()
