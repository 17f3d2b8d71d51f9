"""From what ended a command to what the shell sees: one line, one exit code.

Every error of the system and of the engines has a meaning here: what is not ours to
mend is told with its place and a next step, and only the rest asks to be reported.
"""

import errno
import os
import resource
import sys
import traceback
from collections.abc import Iterator
from contextlib import (
    ExitStack,
    contextmanager,
    redirect_stderr,
    redirect_stdout,
    suppress,
)
from pathlib import Path
from typing import Final

from flows.process_end import Stopped
from flows.runners.transient_errors import is_out_of_memory
from transforms.errors import ExitCode, NewsmillError, OutOfSpaceError, UsageError
from transforms.text.inert import terminal_text
from warehouse.atomic_write import NO_SPACE_ERRNOS

# Measured on a run of 600 articles: 3 GiB are too few, 4 are enough.
ADDRESS_SPACE_BYTES: Final = 4 << 30

# What the system has too little of when it answers so.
_WANTING: Final = dict.fromkeys(NO_SPACE_ERRNOS, "disk space") | {
    errno.ENOMEM: "memory",
    errno.EAGAIN: "processes, threads, or locked memory (ulimit -u)",
    errno.EMFILE: "file descriptors (ulimit -n)",
    errno.ENFILE: "file descriptors of the whole system",
}
_ENGINES: Final = ("duckdb", "_duckdb", "polars")
_NAME_ANOTHER: Final = "Name another"
_NEXT_STEPS: Final = {
    errno.ENOENT: "Name one that is there",
    errno.EACCES: "Ask its owner for the permission, or name another",
    errno.EPERM: "Ask its owner for the permission, or name another",
    errno.EROFS: "Name one on a file system that can be written",
    errno.ELOOP: "Its links lead round in a circle: name what they should lead to",
    errno.ENAMETOOLONG: "Give it a shorter name",
    errno.EIO: "Look at the disk and at the system's log",
    errno.E2BIG: "Give fewer words, or a smaller environment",
    errno.EADDRINUSE: "Choose another port",
}


@contextmanager
def closed_streams_replaced() -> Iterator[None]:
    """Let a command that was started without stdout or stderr write to nowhere.

    The first files that it opens would else take their numbers, and get what is said
    to people.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    with Path(os.devnull).open("w") as nowhere, ExitStack() as stack:
        # Without the file, Python sets no stream, whatever the types say.
        if getattr(sys, "stdout", None) is None:
            stack.enter_context(redirect_stdout(nowhere))
        if getattr(sys, "stderr", None) is None:
            stack.enter_context(redirect_stderr(nowhere))
        yield


def require_address_space() -> None:
    """Raise OutOfSpaceError under a cap in which compiled libraries would abort.

    They reserve far more addresses than they use memory; where the system refuses,
    they end the process on the spot, with no word of what was wanting.
    """
    cap, _ = resource.getrlimit(resource.RLIMIT_AS)
    if cap != resource.RLIM_INFINITY and cap < ADDRESS_SPACE_BYTES:
        raise OutOfSpaceError(
            "memory",
            f"the address space is capped at {cap >> 20} MiB, and a run needs "
            f"{ADDRESS_SPACE_BYTES >> 20} (ulimit -v); it uses less memory than that",
        )


def exit_code_of(error: BaseException) -> int:
    """The exit code that ARCHITECTURE part 6 gives to an error."""
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    ours = as_ours(error)
    return ExitCode.OTHER if ours is None else ours.exit_code


def message_of(error: BaseException) -> str:
    """What happened, where, and what to do next, in one line."""
    ours = as_ours(error)
    if ours is not None:
        return str(ours)
    return (
        f"{type(error).__name__}: {error}. "
        "Please report it; --debug shows where it happened"
    )


def as_ours(error: BaseException) -> NewsmillError | Stopped | None:
    """The error of ours that says what another means; None when that is unknown."""
    ours: NewsmillError | Stopped | None = None
    if isinstance(error, NewsmillError | Stopped):
        ours = error
    elif is_out_of_memory(error):
        ours = OutOfSpaceError("memory", str(error) or "allocation refused")
    elif isinstance(error, ImportError | OSError) and (wanting := _wanting(error)):
        ours = OutOfSpaceError(wanting, str(error))
    elif isinstance(error, OSError):
        ours = _refusal(error)
    elif isinstance(error, UnicodeError):
        ours = UsageError(f"a word or a name is no text: {error}", "Write it in UTF-8")
    elif type(error).__module__.partition(".")[0] in _ENGINES:
        ours = _of_engine(error)
    return ours


def _wanting(error: ImportError | OSError) -> str | None:
    """What the system has too little of, if that is what the error says."""
    number = getattr(error, "errno", None)
    if number is not None:
        return _WANTING.get(number)
    # A library that cannot be loaded, or that hands on no number, has words.
    return next(
        (what for no, what in _WANTING.items() if os.strerror(no) in str(error)), None
    )


def _of_engine(error: BaseException) -> NewsmillError | Stopped | None:
    from warehouse.database.failures import engine_meaning
    from warehouse.staging.write_failures import system_error_in

    said = system_error_in(error)
    return as_ours(said) if said is not None else engine_meaning(error)


def _refusal(error: OSError) -> UsageError:
    """What the system says of a path, or of what has none."""
    reason = error.strerror or str(error) or type(error).__name__
    where = error.filename if error.filename2 is None else error.filename2
    if isinstance(where, bytes):
        where = os.fsdecode(where)
    step = _NEXT_STEPS.get(error.errno or 0)
    if where is None:
        return UsageError(
            f"the system refused what a file or a connection needs: {reason}",
            step or "`newsmill doctor` looks at both; --debug shows where it happened",
        )
    return UsageError(f"{where}: {reason}", step or _NAME_ANOTHER)


def report_and_exit(error: BaseException, *, debug: bool) -> int:
    """Print the error to stderr and give the exit code."""
    if isinstance(error, BrokenPipeError):
        # The reader of our output left; nothing is lost and nobody is listening.
        _discard_output()
        return ExitCode.OK
    if debug:
        traceback.print_exception(error)
    said = terminal_text(message_of(error), limit=2000)
    with suppress(OSError):  # a full disk behind it, too
        print(f"newsmill: {said}", file=sys.stderr)  # noqa: T201
    try:
        sys.stdout.flush()
    except OSError:
        # What could not be written will not be at the end either.
        _discard_output()
    return exit_code_of(error)


def _discard_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
