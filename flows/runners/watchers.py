"""Who is told what a run is at."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol


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
