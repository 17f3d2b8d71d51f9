"""How the process of a command ends: done, or because a signal asks for it."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, NoReturn

STOP_GRACE_SECONDS: Final = 6.0


class Stopped(BaseException):
    """A signal asked the process to stop; unwinds like an interrupt.

    Attributes:
        signal_number: That came.
        said: What its user is told.
    """

    def __init__(
        self,
        signal_number: int,
        said: str = "stopped; the warehouse is as it was before this run",
    ) -> None:
        super().__init__(signal_number)
        self.signal_number, self.said = signal_number, said

    @property
    def exit_code(self) -> int:
        """128 plus the signal, as shells count."""
        return 128 + self.signal_number


class _Asked:
    """The signal that came while a task must not be torn apart, 0 for none.

    Attributes:
        is_deferred: A signal waits for the end of a task.
        skips_exit_handlers: Nothing may be waited for any more when the process ends.
    """

    signal_number = 0
    is_deferred = False
    skips_exit_handlers = False


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """SIGINT and SIGTERM unwind the block once; a second one ends it at once."""

    def stop(signal_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda second, _: _end_now(second))
        if not _Asked.is_deferred:
            raise Stopped(signal_number)
        _Asked.signal_number = signal_number
        timer = threading.Timer(STOP_GRACE_SECONDS, _end_now, (signal_number,))
        timer.daemon = True
        timer.start()

    previous = {
        number: signal.signal(number, stop)
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def stopping_between_tasks() -> Iterator[None]:
    """Inside of the block a signal waits for the end of a task, but not for long.

    Raised at any instant, it would unwind compiled code that does not expect it: an
    import, a compilation, or a callback then ends in a crash of the interpreter.
    """
    _Asked.is_deferred = True
    try:
        yield
    finally:
        _Asked.is_deferred = False


def raise_if_stopped() -> None:
    """Unwind when a signal has asked for it."""
    if _Asked.signal_number:
        raise Stopped(_Asked.signal_number)


def _end_now(signal_number: int) -> None:
    """End without unwinding; the published file is only ever replaced by a rename.

    Threads of libraries may hang, and Python waits for them; the exit code stays the
    one that is promised. Children watch this process and end with it.
    """
    sys.stderr.write(f"newsmill: {Stopped(signal_number).said}\n")
    sys.stderr.flush()
    os._exit(128 + signal_number)


def end_after(wait: Callable[[], object], name: str) -> None:
    """Ask this process to stop once a thread of its own has waited for something.

    For processes that must not outlive the one that started them, however it ended.

    Args:
        wait: Returns when the other process is gone.
        name: Of the thread.
    """

    def stop() -> None:
        wait()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=stop, name=name, daemon=True).start()


def skip_exit_handlers(said: str) -> None:
    """Let `end_process` end the process at once, and say why.

    Measured: when its server is gone, Prefect's client tries each event that it still
    holds for 7 s when the process ends, for minutes in all, and has no setting for it.
    """
    _Asked.skips_exit_handlers = True
    sys.stderr.write(f"newsmill: {said}\n")


def end_process(code: int) -> NoReturn:
    """End the process with this code, as `sys.exit` does."""
    if not _Asked.skips_exit_handlers:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # the reader may have left
            stream.flush()
    os._exit(code)
