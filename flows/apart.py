"""Batches transformed in processes of their own, while this one does something else.

Nothing here imports the transforms, so that a process that only starts others, loads
parts, and audits them never loads the compiled ones; nor Polars, whose threads would
keep a run from forking off its server.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypeVar

from flows.runners import (
    DirectRunner,
    Runner,
    end_workers,
    prepare_worker,
    shared_machine,
    start_workers,
    timed,
    worker_ended,
)
from flows.settings import Settings

if TYPE_CHECKING:
    from flows.batches import Batch, Part, Piece

STEPS: Final = (
    "read",
    "decode",
    "split",
    "clean",
    "extract_metadata",
    "deduplicate",
    "classify",
    "star",
    "write",
)
FILES_LOOKED_AT: Final = 1_000
_Work = TypeVar("_Work", "Batch", "Piece")


class Told(NamedTuple):
    """What a worker tells when a step ends: nothing, its error, or at last the part."""

    part: "Part | None" = None
    error: BaseException | None = None


def transform_apart(batch: "Batch") -> "Part":
    """Transform a batch in a worker process, unless a run before has done so."""
    from flows.steps import transform_batch

    return _unless_finished(batch, transform_batch)


def transform_piece(batch: "Piece") -> "Part":
    """Finish a piece of a batch that was cut, unless a run before has done so."""
    from flows.pieces import transform_piece_of

    return _unless_finished(batch, transform_piece_of)


def _unless_finished(
    batch: _Work, transform: "Callable[[_Work, DirectRunner], Part]"
) -> "Part":
    from flows.finished_parts import find_finished, note_finished

    finished = find_finished(batch)
    if finished is not None:
        return finished
    run = DirectRunner()
    part = replace(transform(batch, run), seconds=run.seconds)
    return note_finished(batch, part)


def transform_beside(batch: "Batch", run: Runner) -> "Part":
    """Transform the only batch in a process of its own, and follow its steps here.

    Args:
        batch: The only one of a run.
        run: Calls, under the name of each step, the wait for its end.
    """
    with _READY.pop() if _READY else Worker() as worker:
        with timed(run.seconds, "start"):
            worker.hear()
        worker.transform(batch)
        for name in STEPS[:-1]:
            run(_named(name, worker.hear))
        part = run(_named(STEPS[-1], worker.hear))
    assert part is not None
    return part


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


def get_transforms_ready() -> None:
    """Load all that the transforms need, by taking a sample through them."""
    from flows.warm import transform_sample
    from transforms.compiler import rest_compiler

    transform_sample()
    rest_compiler()


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


def _named(name: str, hear: "Callable[[], Part | None]") -> "Callable[[], Part | None]":
    def wait() -> "Part | None":
        return hear()

    wait.__name__ = name
    return wait


class Worker:
    """A process that gets ready, transforms one batch, and tells the end of each step.

    The times of the steps are those of this process's waits.
    """

    def __init__(self) -> None:
        # Spawned, not forked: Polars and DuckDB hold threads that a fork would break.
        spawn = get_context("spawn")
        self._told, telling = spawn.Pipe()
        self._process = spawn.Process(target=_work, args=(telling,), daemon=True)
        with shared_machine(1):
            self._process.start()
        telling.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def transform(self, batch: "Batch") -> None:
        """Hand over the batch."""
        self._told.send(batch)

    def hear(self) -> "Part | None":
        """Wait until the worker is ready, or has done one step more.

        Raises:
            OutOfSpaceError: It was ended for want of memory.
            BaseException: What the step raised.
        """
        try:
            told: Told = self._told.recv()
        except (EOFError, ConnectionError):
            self._process.join()
            raise worker_ended(self._process.exitcode) from None
        if told.error is not None:
            raise told.error
        return told.part

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self._told.close()


_READY: Final[list[Worker]] = []


def _work(telling: Connection) -> None:
    prepare_worker()
    try:
        from flows.steps import transform_batch

        get_transforms_ready()
        telling.send(Told())
        part = transform_batch(telling.recv(), _Teller(telling))
        telling.send(Told(part))
    except BaseException as error:  # noqa: BLE001 - raised again where it is heard
        telling.send(Told(error=error))


class _Teller:
    """Calls steps, and tells the end of each but the last."""

    def __init__(self, telling: Connection) -> None:
        self.seconds: dict[str, float] = {}
        self._telling = telling

    def __call__(self, step: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        result = step(*args, **kwargs)
        if step.__name__ != STEPS[-1]:
            self._telling.send(Told())
        return result
