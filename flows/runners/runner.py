"""How the steps of a run are called: directly, or as Prefect tasks.

The pipeline is written once, against Runner. Nothing here imports Prefect before a
recorded run asks for it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ParamSpec, Protocol, TypeVar

from flows.process_end import raise_if_stopped
from flows.runners.pool import Submit, worker_pool
from flows.runners.watchers import _WATCHERS

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")


class Runner(Protocol):
    """Calls one step, or one step over many batches, and gives back what it gave."""

    flow_run_id: str | None
    seconds: dict[str, float]

    def __call__(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call one step under its own name."""
        ...

    def map(
        self, step: Callable[[Item], T], items: Iterable[Item], *, workers: int
    ) -> Iterator[T]:
        """Call a step for each item in worker processes; results in item order."""
        ...


@dataclass
class DirectRunner:
    """Calls steps in this process, batches in worker processes."""

    flow_run_id: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call one step and add its wall time to `seconds`."""
        with timed(self.seconds, step.__name__):
            return step(*args, **kwargs)

    def map(
        self, step: Callable[[Item], T], items: Iterable[Item], *, workers: int
    ) -> Iterator[T]:
        """Call a step for each item; one worker means this process."""
        with timed(self.seconds, step.__name__), worker_pool(workers) as submit:
            yield from in_order(submit, step, items, ahead=workers + 1)


@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add the block's wall time to an entry; between steps a run may be stopped."""
    raise_if_stopped()
    for watcher in _WATCHERS:
        watcher.started(name)
    start = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - start
    raise_if_stopped()


def in_order(
    submit: Submit, step: Callable[[Item], T], items: Iterable[Item], *, ahead: int
) -> Iterator[T]:
    """Results in item order; at most `ahead` items are under way, memory is bounded."""
    total = len(items) if isinstance(items, Sized) else 0
    for done, result in enumerate(_in_order(submit, step, items, ahead), 1):
        for watcher in _WATCHERS:
            watcher.finished(done, total)
        yield result


def _in_order(
    submit: Submit, step: Callable[[Item], T], items: Iterable[Item], ahead: int
) -> Iterator[T]:
    waiting: list[Callable[[], T]] = []
    for item in items:
        waiting.append(submit(step, item))
        if len(waiting) >= ahead:
            yield waiting.pop(0)()
    for wait in waiting:
        yield wait()
