"""Worker processes: what each does first, and what it means when one dies.

Both pools are made of these: Python's own of a direct run, Prefect's of a recorded one.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from threading import Event
from typing import Any, Final, Protocol, TypeVar

from flows.process_end import end_with_parent, raise_if_stopped, starting_children
from flows.verbosity import Level, current_level, start_logging
from transforms.errors import OutOfSpaceError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
# Starts a task on an item, and gives a way to wait for its result.
Submit = Callable[[Any, Any], Callable[[], Any]]
# So many workers, for the time of a block.
Pool = Callable[[int], AbstractContextManager[Submit]]

LOOK_SECONDS: Final = 0.05
STATUS_SECONDS: Final = 2.0
_OUT_OF_MEMORY: Final = (-signal.SIGKILL, -signal.SIGABRT)
# A pool that lost one process ends the others itself.
_BY_THE_POOL: Final = (0, -signal.SIGTERM)


def prepare_worker(workers: int, level: Level) -> None:
    """What a worker process does before its first task.

    Args:
        workers: That share the cores of this machine.
        level: How much it says on stderr.
    """
    cores = len(os.sched_getaffinity(0))
    os.environ.setdefault("POLARS_MAX_THREADS", str(max(cores // workers, 1)))
    start_logging(level)
    end_with_parent()


class Future(Protocol[T_co]):
    """A result under way: of Python's own pools, of Prefect, or of Dask."""

    def add_done_callback(self, call: Callable[[Any], None], /) -> object:
        """Call once there is a result or an error."""
        ...

    def result(self) -> T_co:
        """The result, or raise what ended the work."""
        ...


class Workers:
    """The processes that a pool starts while this is watched, and their ends."""

    def __init__(self) -> None:
        self._others = set(active_children())
        self._seen: set[BaseProcess] = set()

    def submitted(self, submit: Callable[[], Future[T]]) -> Callable[[], T]:
        """Submit work; a way to wait for its result.

        The workers that this starts are noted now: one may die as soon as it has
        started, and its system forgets it then.
        """
        with starting_children():
            future = submit()
        self._look()
        return partial(self.wait, future)

    def wait(self, future: Future[T]) -> T:
        """Wait for a result; a signal that asks the run to stop is heard meanwhile.

        Raises:
            OutOfSpaceError: A worker was ended for want of memory.
            ChildProcessError: A worker ended otherwise.
            BaseException: What the work raised.
        """
        is_done = Event()
        future.add_done_callback(lambda _: is_done.set())
        while not is_done.wait(LOOK_SECONDS):
            self._look()
            raise_if_stopped()
        try:
            return future.result()
        except BrokenProcessPool:
            raise self._cause() from None

    def end(self) -> None:
        """End those that still work, so that nobody waits for them."""
        self._look()
        for worker in self._seen:
            worker.terminate()

    def _look(self) -> None:
        # A worker that has ended is forgotten by the system, not by this set.
        self._seen |= set(active_children()) - self._others

    def _cause(self) -> Exception:
        # The pool's own thread may have taken the exit status and not noted it yet.
        deadline = time.monotonic() + STATUS_SECONDS
        while time.monotonic() < deadline and any(
            worker.exitcode is None for worker in self._seen
        ):
            time.sleep(0.01)
        ends = (worker.exitcode for worker in self._seen)
        codes = {code for code in ends if code is not None and code not in _BY_THE_POOL}
        if codes & set(_OUT_OF_MEMORY):
            return OutOfSpaceError("memory", "a process that transforms was ended")
        ended = ", ".join(map(str, sorted(codes))) or "a status that nobody saw"
        return ChildProcessError(f"a process that transforms ended with {ended}")


@contextmanager
def worker_pool(workers: int) -> Iterator[Submit]:
    """Submit calls to worker processes; each submission gives a way to wait for it.

    Args:
        workers: Processes at most; one means this process.

    Raises:
        OutOfSpaceError: A worker was ended for want of memory.
        ChildProcessError: A worker ended otherwise.
    """
    if workers == 1:
        yield partial
        return
    watched = Workers()
    # Spawned, not forked: Polars and DuckDB hold threads that a fork would break.
    with ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=prepare_worker,
        initargs=(workers, current_level()),
    ) as pool:
        try:
            yield lambda task, item: watched.submitted(lambda: pool.submit(task, item))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            watched.end()
            raise
