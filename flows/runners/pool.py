"""Worker processes that share the cores, and end with the run."""

import gc
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Thread
from typing import Any, Final

from flows.runners.memory import shared_machine
from flows.settings import GARBAGE_THRESHOLD
from transforms.errors import OutOfSpaceError
from transforms.runtime.lazy_import import import_later

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
