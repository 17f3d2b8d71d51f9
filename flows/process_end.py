"""How the process of a command ends: asked by a signal, or for good."""

import atexit
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


class _Wish:
    """The signal that came while a run must not be torn apart; none is 0."""

    signal_number = 0
    is_deferred = False


class _Farewell:
    """Whether the process may do what libraries do when it ends, and its exit code."""

    is_skipped = False
    code: int | None = None


# Called before a forced end, for processes that would outlive this one.
ON_FORCED_END: Final[list[Callable[[], None]]] = []


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """SIGINT and SIGTERM unwind the block once; a second one ends it at once."""

    def stop(signal_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda second, _: _end_now(second))
        if not _Wish.is_deferred:
            raise Stopped(signal_number)
        _Wish.signal_number = signal_number
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
def stopping_between_steps() -> Iterator[None]:
    """Inside of the block a signal waits for the end of a step, but not for long.

    Raised at any instant, it would unwind compiled code that does not expect it: an
    import, a compilation, or a callback then ends in a crash of the interpreter.
    """
    _Wish.is_deferred = True
    try:
        yield
    finally:
        _Wish.is_deferred = False


def raise_if_stopped() -> None:
    """Unwind when a signal has asked for it."""
    if _Wish.signal_number:
        raise Stopped(_Wish.signal_number)


def _end_now(signal_number: int) -> None:
    """End without unwinding; the published file is only ever replaced by a rename."""
    for end in ON_FORCED_END:
        end()
    sys.stderr.write(f"newsmill: {Stopped(signal_number).said}\n")
    sys.stderr.flush()
    os._exit(128 + signal_number)


def skip_farewells() -> None:
    """Let `leave` end the process at once.

    What Prefect still has to tell would be tried for ten minutes after its server died.
    """
    _Farewell.is_skipped = True


def are_farewells_skipped() -> bool:
    """Whether nothing may be waited for any more."""
    return _Farewell.is_skipped


def leave(code: int | str | None) -> NoReturn:
    """End the process with this code, as `sys.exit` does."""
    _Farewell.code = code if isinstance(code, int) else int(bool(code))
    if not _Farewell.is_skipped:
        sys.exit(code)
    _end_at_once()


def leave_memory_behind() -> None:
    """After the farewells of all libraries, let the system take the memory back.

    Python would take apart a million objects one by one, for half a second. To be
    called before anything is imported that says farewell: the last one to ask is the
    first one to be served.
    """
    atexit.register(_end_if_left)


def _end_if_left() -> None:
    if _Farewell.code is not None:
        _end_at_once()


def _end_at_once() -> NoReturn:
    assert _Farewell.code is not None
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # the reader may have left
            stream.flush()
    os._exit(_Farewell.code)
