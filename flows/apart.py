"""Batches transformed in processes of their own, while this one does something else.

Nothing here imports the transforms, so that a process that only starts others, loads
parts, and audits them never loads the compiled ones.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, Final, NamedTuple

from flows.batches import Batch, Part
from flows.runners import DirectRunner, Runner, end_with_parent, timed
from transforms.errors import OutOfSpaceError

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
_OUT_OF_MEMORY: Final = (-signal.SIGKILL, -signal.SIGABRT)


class Told(NamedTuple):
    """What a worker tells when a step ends: nothing, its error, or at last the part."""

    part: Part | None = None
    error: BaseException | None = None


def transform_apart(batch: Batch) -> Part:
    """Transform a batch in a worker process, unless a run before has done so."""
    from flows.finished_parts import find_finished, note_finished
    from flows.steps import transform_batch

    finished = find_finished(batch)
    if finished is not None:
        return finished
    run = DirectRunner()
    part = replace(transform_batch(batch, run), seconds=run.seconds)
    return note_finished(batch, part)


def transform_beside(batch: Batch, run: Runner) -> Part:
    """Transform the only batch in a process of its own, and follow its steps here.

    Args:
        batch: The only one of a run.
        run: Calls, under the name of each step, the wait for its end.
    """
    with _worker(batch) as hear:
        with timed(run.seconds, "start"):
            hear()
        for name in STEPS[:-1]:
            run(_named(name, hear))
        part = run(_named(STEPS[-1], hear))
    assert part is not None
    return part


def import_audit() -> None:
    """Import Great Expectations in a thread, beside work of other processes.

    Whoever imports it meanwhile waits for the thread.
    """

    def load() -> None:
        # The audit's own import will say what is wrong.
        with suppress(Exception):
            import expectations.audit  # noqa: F401

    Thread(target=load, name="import-audit").start()


def _named(name: str, hear: Callable[[], Part | None]) -> Callable[[], Part | None]:
    def wait() -> Part | None:
        return hear()

    wait.__name__ = name
    return wait


@contextmanager
def _worker(batch: Batch) -> Iterator[Callable[[], Part | None]]:
    """A process that transforms the batch; each call waits for the end of a step."""
    # Spawned, not forked: Polars and DuckDB hold threads that a fork would break.
    spawn = get_context("spawn")
    receiving, sending = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_transform, args=(batch, sending), daemon=True)
    process.start()
    sending.close()

    def hear() -> Part | None:
        try:
            told: Told = receiving.recv()
        except EOFError:
            process.join()
            raise _ended(process.exitcode) from None
        if told.error is not None:
            raise told.error
        return told.part

    try:
        yield hear
    finally:
        process.kill()
        process.join()
        receiving.close()


def _ended(exit_code: int | None) -> Exception:
    if exit_code in _OUT_OF_MEMORY:
        return OutOfSpaceError("memory", "the process that transforms was ended")
    return ChildProcessError(f"the process that transforms ended with {exit_code}")


def _transform(batch: Batch, telling: Connection) -> None:
    end_with_parent()
    try:
        from flows.steps import transform_batch

        telling.send(Told())
        part = transform_batch(batch, _Teller(telling))
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
