"""What can be started before it is known to be needed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from threading import Thread
from typing import Final

from flows.batch.worker import _READY, Worker, get_transforms_ready
from flows.runners.pool import end_workers, start_workers
from flows.settings import Settings

FILES_LOOKED_AT: Final = 1_000


@contextmanager
def ready_if_new(settings: Settings) -> Iterator["Ready"]:
    """Start processes for the transforms ahead of the run that may need them.

    Args:
        settings: Of the run that happens in the block.

    Yields:
        What the inputs look like. A mere guess by their times, which costs nothing but
        a start when it is wrong: what is new is decided by content.
    """
    ready = Ready(settings)
    if ready.looks_new and not ready.looks_large:
        _READY.append(Worker())
    try:
        yield ready
    finally:
        while _READY:
            _READY.pop().end()
        end_workers()


class Ready:
    """What inputs look like, and what is started for them ahead.

    Attributes:
        looks_new: Some of them are younger than the warehouse.
        looks_large: These are more than one batch.
    """

    def __init__(self, settings: Settings) -> None:
        young_bytes = count_young_bytes(settings)
        self.looks_new = young_bytes > 0
        self.looks_large = young_bytes > settings.batch_bytes
        self._workers = settings.worker_count if settings.runner == "local" else 0

    def start_more(self) -> None:
        """Start the workers of a large run: with threads, so not before a fork."""
        if self.looks_large:
            start_workers(self._workers, get_transforms_ready)


def count_young_bytes(settings: Settings) -> int:
    """Bytes of inputs younger than the warehouse; 0 also where there are many files."""
    try:
        loaded = settings.warehouse.stat().st_mtime_ns
    except OSError:
        loaded = 0
    files = chain.from_iterable(map(_files, settings.seeds))
    found = [file.lstat() for file in islice(files, FILES_LOOKED_AT)]
    if len(found) == FILES_LOOKED_AT:
        return 0
    # A file that was moved or copied here keeps all its times but this one.
    return sum(file.st_size for file in found if file.st_ctime_ns > loaded)


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for folder, _, names in os.walk(path):
        yield from (Path(folder, name) for name in names)


def import_audit() -> None:
    """Import Great Expectations in a thread, beside work of other processes.

    Whoever imports it meanwhile waits for the thread.
    """

    def load() -> None:
        # The audit's own import will say what is wrong.
        with suppress(Exception):
            import expectations.audit  # noqa: F401

    Thread(target=load, name="import-audit").start()
