"""How the steps of a run are called: directly, or as Prefect tasks.

The pipeline is written once, against Runner. Nothing here imports Prefect before a
recorded run asks for it.
"""

import ctypes
import gc
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import active_children, get_context, parent_process
from threading import Thread
from typing import Any, Final, ParamSpec, Protocol, TypeVar

from flows.exits import raise_if_stopped
from flows.settings import GARBAGE_THRESHOLD
from transforms.errors import OutOfSpaceError
from transforms.later import import_later

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")

# Of mallopt(3): so much free memory at the end of the heap goes back to the system, and
# so does each block of this size.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_TRIM_BYTES: Final = 8 << 20
_MMAP_BYTES: Final = 1 << 20
# Of Polars' own allocator, jemalloc: one arena, whose free pages it keeps for a moment.
_JEMALLOC_NAME: Final = "_RJEM_MALLOC_CONF"
_JEMALLOC: Final = "dirty_decay_ms:200,muzzy_decay_ms:0,narenas:1"


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


class Watcher(Protocol):
    """Is told what a run is at, while it goes on."""

    def started(self, step: str) -> None:
        """A step starts."""
        ...

    def finished(self, done: int, total: int) -> None:
        """So many batches of the step are done."""
        ...


_WATCHERS: Final[list[Watcher]] = []


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Tell a watcher what the runs of this process are at, for the time of a block."""
    _WATCHERS.append(watcher)
    try:
        yield
    finally:
        _WATCHERS.remove(watcher)


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


Submit = Callable[..., Callable[[], Any]]


@contextmanager
def worker_pool(workers: int) -> Iterator[Submit]:
    """Submit calls to worker processes; each submission gives a way to wait for it.

    Those that `start_workers` started are taken, and left alive.

    Raises:
        OutOfSpaceError: A worker was ended for want of memory.
        ChildProcessError: A worker ended otherwise.
    """
    if workers <= 1 and not _AHEAD:
        yield lambda step, item: lambda: step(item)
        return
    pool = _AHEAD[0] if _AHEAD else _Pool(workers)
    try:
        yield pool.submit
    except BrokenProcessPool:
        raise pool.cause() from None
    except BaseException:
        pool.stop()
        raise
    if not _AHEAD:
        pool.stop()


def start_workers(workers: int, get_ready: Callable[[], object]) -> None:
    """Start worker processes ahead of the calls that will need them.

    Args:
        workers: How many; one would be this process, and none are started.
        get_ready: The first call of each.
    """
    if workers > 1 and not _AHEAD:
        _AHEAD.append(_Pool(workers, get_ready))


def end_workers() -> None:
    """End the processes that were started ahead, whatever they do."""
    while _AHEAD:
        _AHEAD.pop().stop()


def _nothing() -> None:
    """What a worker that starts with its work does first."""


class _Pool:
    """Worker processes that share the cores."""

    def __init__(
        self, workers: int, get_ready: Callable[[], object] = _nothing
    ) -> None:
        others = set(active_children())
        # Spawned, not forked: Polars and DuckDB hold threads that a fork would break.
        self._pool = ProcessPoolExecutor(
            workers, mp_context=get_context("spawn"), initializer=prepare_worker
        )
        with shared_machine(workers):
            # Each of these calls starts a process, for none is idle yet.
            for _ in range(workers):
                self._pool.submit(get_ready)
        self._started = set(active_children()) - others

    def submit(self, step: Callable[[Any], Any], item: Any) -> Callable[[], Any]:  # noqa: ANN401
        return self._pool.submit(step, item).result

    def cause(self) -> Exception:
        """Why a process of the pool ended that nobody ended."""
        self._pool.shutdown()
        codes = [process.exitcode for process in self._started]
        # The pool itself ends those that are left.
        return worker_ended(
            next((code for code in codes if code not in _BY_THE_POOL), None)
        )

    def stop(self) -> None:
        """End all processes; what they hold of their own is nobody's."""
        for process in self._started:
            process.kill()
        self._pool.shutdown(cancel_futures=True)


_AHEAD: Final[list[_Pool]] = []


def worker_ended(exit_code: int | None) -> Exception:
    """What the end of a worker process that nobody asked for means."""
    if exit_code in _OUT_OF_MEMORY:
        return OutOfSpaceError("memory", "a process that transforms was ended")
    return ChildProcessError(f"a process that transforms ended with {exit_code}")


_OUT_OF_MEMORY: Final = (-signal.SIGKILL, -signal.SIGABRT)
_BY_THE_POOL: Final = (None, 0, -signal.SIGTERM)


@contextmanager
def shared_machine(workers: int) -> Iterator[None]:
    """Processes that start in the block share the cores, and keep little free memory.

    glibc would keep freed memory in an arena per thread, and so would the allocator of
    Polars: a hundred megabytes each.
    """
    cores = len(os.sched_getaffinity(0))
    wanted = {
        "POLARS_MAX_THREADS": str(max(cores // workers, 1)),
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_TRIM_THRESHOLD_": str(_TRIM_BYTES),
        "MALLOC_MMAP_THRESHOLD_": str(_MMAP_BYTES),
    }
    added = {name: value for name, value in wanted.items() if name not in os.environ}
    # Polars has put its own there, for the processes that it is loaded in.
    before = {name: os.environ.get(name) for name in (*added, _JEMALLOC_NAME)}
    os.environ.update(added | {_JEMALLOC_NAME: _JEMALLOC})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def keep_little_memory() -> None:
    """Give freed memory back to the system at once, for the rest of this process.

    Between texts that come and go in millions, glibc would keep hundreds of megabytes
    for later. Elsewhere nothing is changed.
    """
    with suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_TRIM_THRESHOLD, _TRIM_BYTES)
        mallopt(_M_MMAP_THRESHOLD, _MMAP_BYTES)


def prepare_worker() -> None:
    """Tie this process to the one that started it, and spare it needless work."""
    # A Ctrl-C on the terminal is for the run, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Frames are freed when the last name of theirs goes, without a hunt for garbage.
    gc.set_threshold(GARBAGE_THRESHOLD, 50, 50)
    # Numba looks for its BLAS there, which no kernel needs.
    import_later("scipy.linalg")
    end_with_parent()


def end_with_parent() -> None:
    """End this worker process when the one that started it is gone, however it ended.

    A worker waits on a queue whose other end it holds itself, so nothing else would
    tell it that a killed run will never ask again.
    """
    parent = parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    Thread(target=wait, name="end-with-parent", daemon=True).start()


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
