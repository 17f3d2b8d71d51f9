"""Paths that a user named: whether they are there, and how they are shown.

Nothing here imports Polars, so that a run can ask before it starts other processes.
"""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from transforms.errors import UsageError


def require_there(paths: Sequence[Path]) -> None:
    """Raise UsageError for a path that does not exist, before anything is started.

    One that cannot be looked at is not missing: its listing says what is in the way.
    """
    for path in paths:
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError, ValueError) as error:
            raise missing(show(os.fsencode(path))) from error
        except OSError:
            continue


def parse_path(word: object) -> Path:
    """The path that a word means.

    Raises:
        TypeError: It is no text.
        ValueError: It is empty, which Python would take for the current folder, or
            holds a NUL.
    """
    if not isinstance(word, str | Path):
        raise TypeError(word)
    if not str(word) or "\0" in str(word):
        raise ValueError(word)
    return Path(word)


def read_named(path: Path, limit_bytes: int) -> bytes:
    """All of a regular file that a user named; a pipe or a device is not waited for.

    Raises:
        UsageError: It is missing, no regular file, unreadable, or larger than that.
    """
    shown = show(os.fsencode(path))
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UsageError(f"{shown} is not a regular file", "Name one that is")
            with os.fdopen(os.dup(descriptor), "rb") as file:
                content = file.read(limit_bytes + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise missing(shown) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            f"{shown} cannot be read: {reason}", "Name one that can"
        ) from error
    if len(content) > limit_bytes:
        raise UsageError(
            f"{shown} is too large: expected at most {limit_bytes:,} bytes",
            "Name another",
        )
    return content


def missing(shown: str) -> UsageError:
    """What is said of a path that does not exist."""
    return UsageError(f"{shown} does not exist", "Give folders or files that do")


def show(path: bytes) -> str:
    r"""The path as text; bytes that are no UTF-8 are escaped.

    Example:
        >>> show(b"caf\xe9.txt")
        'caf\\xe9.txt'
    """
    return path.decode("utf-8", "backslashreplace")
