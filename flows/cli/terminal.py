"""The terminal: how much is said, in colour or not, and what goes on.

Data goes to stdout, everything here to stderr. Progress is shown to people alone: on a
terminal, unless `--quiet` was said.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from flows.verbosity import Level, is_quiet, start_logging
from flows.wording import task_words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

# Understood before and behind the command's name.
_ANYWHERE: Final = {
    "--quiet": "quiet",
    "-q": "quiet",
    "--verbose": "verbose",
    "-v": "verbose",
    "--debug": "debug",
    "--no-color": "colourless",
}


def take_global_flags(words: Sequence[str]) -> list[str]:
    """Take the flags that are understood anywhere out of a command line.

    Args:
        words: Arguments; those after `--` are left alone.

    Returns:
        The others, in order.
    """
    end = words.index("--") if "--" in words else len(words)
    said = {_ANYWHERE[word] for word in words[:end] if word in _ANYWHERE}
    if "quiet" in said:
        start_logging(Level.QUIET)
    elif "verbose" in said:
        start_logging(Level.VERBOSE)
    else:
        start_logging(Level.NORMAL)
    if "colourless" in said:
        os.environ["NO_COLOR"] = "1"
    os.environ["NEWSMILL_DEBUG"] = "1" if "debug" in said else ""
    return [word for word in words[:end] if word not in _ANYWHERE] + list(words[end:])


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something goes on that may take a while."""
    if not _shows_progress():
        yield
        return
    with _stderr_console().status(what):
        yield


@contextmanager
def showing_tasks() -> Iterator[None]:
    """Show the tasks of a run as they come, and how many batches are done."""
    if not _shows_progress():
        yield
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TimeElapsedColumn

    from flows.runners.watchers import watched_by

    progress = Progress(
        SpinnerColumn(),
        "{task.description}",
        BarColumn(20),
        "{task.fields[count]}",
        TimeElapsedColumn(),
        console=_stderr_console(),
        transient=True,
    )
    with progress:
        tasks = _Tasks(progress, progress.add_task("starting", total=None, count=""))
        with watched_by(tasks):
            yield


class _Tasks:
    """Tells a progress bar what a run is at."""

    def __init__(self, progress: "Progress", task: "TaskID") -> None:
        self._progress, self._task = progress, task

    def started(self, task: str) -> None:
        self._progress.update(
            self._task, description=task_words(task), total=None, count=""
        )

    def finished(self, done: int, total: int) -> None:
        self._progress.update(
            self._task, completed=done, total=total, count=f"{done} of {total} batches"
        )


def _shows_progress() -> bool:
    return sys.stderr.isatty() and not is_quiet()


def _stderr_console() -> "Console":
    from rich.console import Console

    return Console(stderr=True, highlight=False)
