"""Questions of users to a published warehouse, answered by a guarded child process."""

import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, Final

from transforms.errors import UsageError
from warehouse.lake.address import absolute, find_lake
from warehouse.read.formats import Format
from warehouse.read.queries.query_protocol import Answer, Request
from warehouse.read.queries.questions import BoundValues
from warehouse.read.supervised import ChildBounds, ask_child

TIMEOUT_S: Final = 60.0
ROW_LIMIT: Final = 100_000
# All that a spreadsheet or a notebook takes; whole tables are exported.
ANSWER_BYTES: Final = 500_000_000
# Texts are put together from their segments, so questions of all texts need room.
_MACHINE_BYTES: Final = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
MEMORY_BYTES: Final = min(max(1 << 30, _MACHINE_BYTES // 4), 4 << 30)


def run_query(  # noqa: PLR0913  one per limit
    path: Path,
    sql: str,
    out: BinaryIO,
    *,
    form: Format = Format.TABLE,
    timeout_s: float = TIMEOUT_S,
    row_limit: int = ROW_LIMIT,
    memory_bytes: int = MEMORY_BYTES,
    answer_bytes: int = ANSWER_BYTES,
    at_run: str | None = None,
    values: BoundValues | None = None,
) -> Answer:
    """Write the answer to one SELECT; what it can reach is this one file, to read.

    Args:
        path: The warehouse.
        sql: One statement that reads.
        out: Takes the rows while they come; nothing of them is kept.
        form: How rows are written.
        timeout_s: Seconds for the whole query.
        row_limit: Rows at most; the rest is left out.
        memory_bytes: Memory at most, beyond what the process needs to start; by default
            a quarter of the machine's, between 1 and 4 GiB.
        answer_bytes: Bytes of the answer at most; what is written then is of no use.
        at_run: Ask a lake as this run left it.
        values: Of the parameters that the SQL names, bound as text; None is NULL.

    Returns:
        How many rows were written, and whether that is all of them.

    Raises:
        UsageError: Not one reading statement, SQL that is wrong, a parameter without
            a value or the reverse, or an answer that is too large.
        ChildStoppedError: Not done in time; some rows may be written.
        ChildFailedError: The database crashed, or met an error of its own.
        OutOfSpaceError: Not done in the given memory.
        WarehouseUnusableError: Missing, not ours, or damaged.
        WarehouseBusyError: Something writes into the file itself.
    """
    if form is Format.PARQUET and out.isatty():
        raise UsageError("Parquet is not for a terminal", "Name a file with -o")
    width = shutil.get_terminal_size().columns if out.isatty() else None
    request = Request(
        absolute(path),
        sql,
        form,
        timeout_s,
        row_limit,
        memory_bytes,
        width,
        _snapshot(path, at_run),
        dict(values or {}),
    )
    answer = ask_child(
        "warehouse.read.queries.query_child",
        asdict(request),
        out,
        ChildBounds(timeout_s, answer_bytes, memory_bytes),
        _environment(for_lake=find_lake(path) is not None),
    )
    return Answer(**answer)


def _snapshot(path: Path, at_run: str | None) -> int | None:
    if at_run is None:
        return None
    lake = find_lake(path)
    if lake is None:
        raise UsageError(
            "query: only a lake keeps earlier states", "Leave --at out for a file"
        )
    from warehouse.lake.lake import snapshot_of_run

    return snapshot_of_run(lake, at_run)


def _environment(*, for_lake: bool) -> dict[str, str]:
    kept = {"LD_LIBRARY_PATH", "TZ"} & os.environ.keys()
    if for_lake:
        # How libpq finds its way into the catalogue: variables, and files at home.
        kept |= {name for name in os.environ if name == "HOME" or name[:2] == "PG"}
    return {name: os.environ[name] for name in kept}
