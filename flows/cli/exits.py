"""From what ended a command to what the shell sees: one line, one exit code."""

import os
import resource
import sys
import traceback
from typing import Final

from flows.process_end import Stopped
from flows.runners.transient_errors import is_out_of_memory
from transforms.errors import ExitCode, NewsmillError, OutOfSpaceError
from warehouse.atomic_write import NO_SPACE_ERRNOS

# Measured on a run of 600 articles: 3 GiB are too few, 4 are enough.
ADDRESS_SPACE_BYTES: Final = 4 << 30


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


def _is_out_of_space(error: BaseException) -> bool:
    return is_out_of_memory(error) or (
        isinstance(error, OSError) and error.errno in NO_SPACE_ERRNOS
    )


def message_of(error: BaseException) -> str:
    """What happened, where, and what to do next, in one line."""
    if isinstance(error, NewsmillError | Stopped):
        return str(error)
    if _is_out_of_space(error):
        what = "memory" if is_out_of_memory(error) else "disk space"
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
    from transforms.text.inert import terminal_text

    print(f"newsmill: {terminal_text(message_of(error), limit=2000)}", file=sys.stderr)  # noqa: T201
    return exit_code_of(error)
