"""Paths that a user named: whether they are there, and how they are shown.

Nothing here imports Polars, so that a run can ask before it starts other processes.
"""

import os
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
