"""Batches transformed in processes of their own, while this one does something else.

Nothing here imports the transforms, so that a process that only starts others, loads
parts, and audits them never loads the compiled ones; nor Polars, whose threads would
keep a run from forking off its server.
"""

from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypeVar

from flows.runners.memory import shared_machine
from flows.runners.pool import prepare_worker, worker_ended
from flows.runners.runner import DirectRunner, Runner, timed

if TYPE_CHECKING:
    from flows.batch.batches import Batch, Part, Piece

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
_Work = TypeVar("_Work", "Batch", "Piece")


class Told(NamedTuple):
    """What a worker tells when a step ends: nothing, its error, or at last the part."""

    part: "Part | None" = None
    error: BaseException | None = None


def transform_apart(batch: "Batch") -> "Part":
    """Transform a batch in a worker process, unless a run before has done so."""
    from flows.batch.transform_batch import transform_batch

    return _unless_finished(batch, transform_batch)


def transform_piece(batch: "Piece") -> "Part":
    """Finish a piece of a batch that was cut, unless a run before has done so."""
    from flows.batch.transform_batch import transform_piece_of

    return _unless_finished(batch, transform_piece_of)


def _unless_finished(
    batch: _Work, transform: "Callable[[_Work, DirectRunner], Part]"
) -> "Part":
    from flows.batch.finished_parts import find_finished, note_finished

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


def get_transforms_ready() -> None:
    """Load all that the transforms need, by taking a sample through them."""
    from flows.batch.sample import transform_sample
    from transforms.runtime.compiler_memory import rest_compiler

    transform_sample()
    rest_compiler()


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
        from flows.batch.transform_batch import transform_batch

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
