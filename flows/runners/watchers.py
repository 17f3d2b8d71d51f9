"""Who is told what a run is at: a progress bar on the terminal, one in Prefect's UI."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol


class Watcher(Protocol):
    """Is told what a run is at, while it goes on."""

    def started(self, task: str) -> None:
        """A task starts."""
        ...

    def finished(self, done: int, total: int) -> None:
        """So many batches of the task are done."""
        ...


WATCHERS: Final[list[Watcher]] = []


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Tell a watcher what the runs of this process are at, for the time of a block."""
    WATCHERS.append(watcher)
    try:
        yield
    finally:
        WATCHERS.remove(watcher)
