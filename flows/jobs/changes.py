"""`newsmill changes`: what happened to articles after a run, line by line."""

from pathlib import Path
from typing import TextIO

from transforms.errors import UsageError
from transforms.text.closest import closest
from warehouse.read.formats import Format, render
from warehouse.read.reports import Reader, open_reports


def list_changes(path: Path, since: str | None, out: TextIO) -> None:
    """Write every change as one line of JSON, in the order of publication.

    Args:
        path: The warehouse.
        since: The run after which to begin, or the beginning of its name; None begins
            with the first.
        out: Takes the lines.

    Raises:
        UsageError: No run, or more than one, has a name that begins so.
    """
    with open_reports(path) as read:
        run_id = None if since is None else _find_run(read, since)
        columns, rows = read.stream("changes", since_run_id=run_id)
        out.writelines(render(Format.JSONL, columns, rows))


def _find_run(read: Reader, since: str) -> str:
    run_ids = [row["run_id"] for row in read.rows("run_ids")]
    found = [run_id for run_id in run_ids if since and run_id.startswith(since)]
    if since in run_ids or len(found) == 1:
        return since if since in run_ids else found[0]
    if found:
        raise UsageError(
            f"--since: {len(found)} runs have names that begin with {since!r}",
            "Give more of the name: `newsmill status` lists the runs",
        )
    guess = closest(since, run_ids)
    raise UsageError(
        f"--since: no run {since!r} has published here",
        f"Did you mean {guess}?" if guess else "`newsmill status` lists the runs",
    )
