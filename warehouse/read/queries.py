"""Questions of users to a published warehouse, answered by a guarded child process."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO, Final

from transforms.errors import OutOfSpaceError, UsageError
from transforms.text.closest import closest
from warehouse.database.scripts import read_scripts
from warehouse.lake.address import absolute, find_lake
from warehouse.read.formats import Format
from warehouse.read.query_protocol import ERRORS, QueryStoppedError, Request, Verdict

TIMEOUT_S: Final = 60.0
ROW_LIMIT: Final = 100_000
# Texts are put together from their segments, so questions of all texts need room.
_MACHINE_BYTES: Final = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
MEMORY_BYTES: Final = min(max(1 << 30, _MACHINE_BYTES // 4), 4 << 30)
# The child ends by itself at its timeout; this long after it is killed.
_GRACE_S: Final = 3.0
_CHUNK_BYTES: Final = 1 << 16
# Isolated: no user site, no environment, no current folder on the module path.
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from warehouse.read.query_child import main; main()"
)


@dataclass(frozen=True)
class Answer:
    """How much was written; `is_cut` says that there were more rows than allowed."""

    row_count: int
    is_cut: bool


def run_query(  # noqa: PLR0913  one per limit
    path: Path,
    sql: str,
    out: BinaryIO,
    *,
    form: Format = Format.TABLE,
    timeout_s: float = TIMEOUT_S,
    row_limit: int = ROW_LIMIT,
    memory_bytes: int = MEMORY_BYTES,
    at_run: str | None = None,
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
        at_run: Ask a lake as this run left it.

    Returns:
        How many rows were written, and whether that is all of them.

    Raises:
        UsageError: Not one reading statement, or SQL that is wrong.
        QueryStoppedError: Not done in time; some rows may be written.
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
    )
    for_lake = find_lake(path) is not None
    with _child(timeout_s + _GRACE_S, for_lake=for_lake) as child:
        assert child.stdin
        assert child.stdout
        assert child.stderr
        child.stdin.write(json.dumps(asdict(request)).encode())
        child.stdin.close()
        shutil.copyfileobj(child.stdout, out, _CHUNK_BYTES)
        verdict = _read_verdict(child.stderr.read(), child.wait(), request)
    if verdict.error:
        raise ERRORS[verdict.error](*verdict.facts)
    return Answer(verdict.row_count, verdict.is_cut)


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


@contextmanager
def _child(deadline_s: float, *, for_lake: bool) -> Iterator[subprocess.Popen[bytes]]:
    root = str(Path(__file__).resolve().parents[2])
    kept = {"LD_LIBRARY_PATH", "TZ"} & os.environ.keys()
    if for_lake:
        # How libpq finds its way into the catalogue: variables, and files at home.
        kept |= {name for name in os.environ if name == "HOME" or name[:2] == "PG"}
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", _START, root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env={name: os.environ[name] for name in kept},
    )
    killer = threading.Timer(deadline_s, child.kill)
    killer.daemon = True
    killer.start()
    try:
        yield child
    finally:
        killer.cancel()
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            assert pipe
            # What it did not read any more is no loss.
            with suppress(BrokenPipeError):
                pipe.close()


def _read_verdict(told: bytes, status: int, request: Request) -> Verdict:
    lines = told.decode("utf-8", "replace").splitlines()
    with suppress(IndexError, ValueError, TypeError):
        return Verdict(**json.loads(lines[-1]))
    if status == -signal.SIGKILL:
        raise QueryStoppedError(request.timeout_s)
    # Past the cap, some allocations end the process instead of raising.
    raise OutOfSpaceError(
        "memory", f"the query needs more than {request.memory_bytes >> 20} MiB"
    )


def list_named_queries() -> list[dict[str, str]]:
    """Name and purpose of the questions in `sql/queries`, in name order."""
    return [
        {"name": name, "purpose": _purpose(sql)}
        for name, sql in read_scripts("queries").items()
    ]


def named_query(name: str) -> str:
    """SQL of one named question.

    Raises:
        UsageError: There is none of that name; the message tells the closest.
    """
    questions = read_scripts("queries")
    if name not in questions:
        meant = closest(name, questions)
        step = f"Did you mean {meant}?" if meant else "See `newsmill query --list`"
        raise UsageError(f"query: no question is named {name!r}", step)
    return questions[name]


def _purpose(sql: str) -> str:
    """First comment of a question, on one line."""
    comment = takewhile(lambda line: line.startswith("--"), sql.splitlines())
    return " ".join(line.removeprefix("--").strip() for line in comment)
