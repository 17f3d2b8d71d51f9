"""From what ended a command to what the shell sees: one line, one exit code."""

import errno
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from transforms.errors import ExitCode, NewsmillError, OutOfSpaceError

_SPACE_ERRNOS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Stopped(BaseException):
    """A signal asked the process to stop; unwinds like an interrupt."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.signal_number = signal_number

    @property
    def exit_code(self) -> int:
        """128 plus the signal, as shells count."""
        return 128 + self.signal_number


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """SIGINT and SIGTERM unwind the block once; a second one ends it at once."""

    def stop(signal_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda second, _: os._exit(128 + second))
        raise Stopped(signal_number)

    previous = {
        number: signal.signal(number, stop)
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def exit_code_of(error: BaseException) -> int:
    """The exit code that ARCHITECTURE part 6 gives to an error."""
    code: int = ExitCode.OTHER
    if isinstance(error, NewsmillError | Stopped):
        code = error.exit_code
    elif isinstance(error, KeyboardInterrupt):
        code = ExitCode.INTERRUPTED
    elif _is_out_of_space(error):
        code = ExitCode.OUT_OF_SPACE
    return code


def _is_out_of_space(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or (
        isinstance(error, OSError) and error.errno in _SPACE_ERRNOS
    )


def message_of(error: BaseException) -> str:
    """What happened, where, and what to do next, in one line."""
    if isinstance(error, Stopped):
        return "stopped; the warehouse is as it was before this run"
    if isinstance(error, NewsmillError):
        return str(error)
    if _is_out_of_space(error):
        what = "memory" if isinstance(error, MemoryError) else "disk space"
        return str(OutOfSpaceError(what, str(error) or "allocation refused"))
    return (
        f"{type(error).__name__}: {error}. "
        "Please report it; --debug shows where it happened"
    )


def report_and_exit(error: BaseException, *, debug: bool) -> int:
    """Print the error to stderr and give the exit code."""
    if isinstance(error, BrokenPipeError):
        # The reader of our output left; nothing is lost and nobody is listening.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    if debug:
        traceback.print_exception(error)
    from flows.reporting import plain

    print(f"newsmill: {plain(message_of(error), limit=2000)}", file=sys.stderr)  # noqa: T201
    return exit_code_of(error)
