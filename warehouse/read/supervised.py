"""Work in one child process that ends, whatever it meets, and that can be told why.

A damaged file or an unusual question may crash a database, hold it for ever, or fill
the memory; then the child is gone, and its parent says so. The operating system ends
it at its deadline, when it has used up its time of processors, or when its parent is
gone, for which neither Python nor the database need to listen.
"""

import fcntl
import io
import json
import math
import os
import re
import resource
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import transforms.errors
from transforms.errors import (
    NewsmillError,
    OutOfSpaceError,
    UsageError,
    WarehouseDamagedError,
)
from warehouse.lake.address import absolute

# A child ends by itself at its time; this long after, it is ended.
GRACE_SECONDS: Final = 3.0
_CHUNK_BYTES: Final = 1 << 16
# Isolated: no user site, no variables of Python's, no current folder on the path.
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from importlib import import_module; import_module(sys.argv[2]).main()"
)
_TIME_IS_UP: Final = (-signal.SIGALRM, -signal.SIGXCPU)
# What C++, Python, and the system say when there is no more.
_MEMORY_WORDS: Final = re.compile("bad_alloc|MemoryError|Cannot allocate memory")


@dataclass(frozen=True)
class ChildBounds:
    """What a child may use up.

    Attributes:
        seconds: Of time, and as many of each processor.
        answer_bytes: Of its answer.
        memory_bytes: Beyond what it needs to start; None leaves it to the system.
        grace_seconds: Between its own end and that by the system.
    """

    seconds: float
    answer_bytes: int
    memory_bytes: int | None = None
    grace_seconds: float = GRACE_SECONDS

    @property
    def deadline(self) -> float:
        """Seconds after which the child is ended."""
        return self.seconds + self.grace_seconds


class ChildStoppedError(NewsmillError):
    """The work took longer than it may."""

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(what, seconds)
        self.what, self.seconds = what, seconds

    def __str__(self) -> str:
        step = "Narrow it down, or raise --timeout" if self.what == "query" else ""
        return f"{self.what}: stopped after {self.seconds:g} s. {step}".rstrip()


class ChildFailedError(NewsmillError):
    """The work crashed, or met an error that nobody expects."""

    def __init__(self, what: str, how: str) -> None:
        super().__init__(what, how)
        self.what, self.how = what, how

    def __str__(self) -> str:
        return (
            f"{self.what}: its process {self.how}; nothing was changed. "
            "`newsmill check` tells whether the warehouse is damaged"
        )


def ask_about_file(
    module: str,
    path: Path,
    request: Mapping[str, Any],
    out: BinaryIO,
    bounds: ChildBounds,
) -> Any:  # noqa: ANN401  as the child tells it
    """Let a child do what only the state of a warehouse can make fail.

    Args:
        module: As for `ask_child`.
        path: The warehouse; the child gets it as `warehouse`, whatever its folder is.
        request: More for the child.
        out: Takes the answer.
        bounds: Of the child.

    Raises:
        WarehouseDamagedError: The child crashed, or raised what is no error of ours.
        NewsmillError: As `ask_child`.
    """
    given = {**request, "warehouse": absolute(path)}
    try:
        return ask_child(module, given, out, bounds, os.environ)
    except ChildFailedError as error:
        how = f"cannot be read: the process that read it {error.how}"
        raise WarehouseDamagedError(str(path), [how]) from error


def ask_child(
    module: str,
    request: Mapping[str, Any],
    out: BinaryIO,
    bounds: ChildBounds,
    environment: Mapping[str, str],
) -> Any:  # noqa: ANN401  as the child tells it
    """Let a module's `main` do the work in a child; it calls `answer_parent`.

    Args:
        module: Its last word, without `_child`, is how errors name the work.
        request: What JSON can hold.
        out: Takes the answer while it comes; nothing of it is kept.
        bounds: Of the child.
        environment: Variables of the child.

    Returns:
        What the child says about its answer.

    Raises:
        ChildStoppedError: It took too long; a part of the answer may be written.
        ChildFailedError: It crashed, or raised what is no error of ours.
        OutOfSpaceError: Not done in the given memory.
        UsageError: The answer is larger than it may be.
        NewsmillError: What the child raised.
    """
    what = module.rpartition(".")[2].removesuffix("_child")
    with _child(module, bounds, environment) as (child, is_killed):
        assert child.stdin
        assert child.stdout
        assert child.stderr
        wanted = {"what": what, "request": request, "bounds": asdict(bounds)}
        with suppress(BrokenPipeError):  # why it is gone is told below
            child.stdin.write(json.dumps(wanted).encode() + b"\n")
            child.stdin.flush()
        _copy(child.stdout, out, what, bounds.answer_bytes)
        said, status = child.stderr.read().decode("utf-8", "replace"), child.wait()
    with suppress(IndexError, ValueError):
        told = json.loads(said.splitlines()[-1])
        if status == 0 and isinstance(told, dict):
            if "error" in told:
                raise _ERRORS[told["error"]](*told["facts"])
            return told["answer"]
    if is_killed.is_set() or status in _TIME_IS_UP:
        raise ChildStoppedError(what, bounds.seconds)
    raise _why_it_died(what, status, said, bounds)


def _why_it_died(
    what: str, status: int, said: str, bounds: ChildBounds
) -> NewsmillError:
    if status == -signal.SIGKILL or _MEMORY_WORDS.search(said):
        return OutOfSpaceError("memory", _too_much(what, bounds))
    if status < 0:
        return ChildFailedError(what, f"crashed ({signal.Signals(-status).name})")
    last = (said.splitlines() or ["no word of why"])[-1]
    return ChildFailedError(what, f"ended with {status}: {last}")


def _too_much(what: str, bounds: ChildBounds) -> str:
    most = bounds.memory_bytes
    return f"the {what} needs " + (
        f"more than {most >> 20} MiB" if most else "more than there is"
    )


def _copy(answer: Any, out: BinaryIO, what: str, answer_bytes: int) -> None:  # noqa: ANN401
    written = 0
    while piece := answer.read1(_CHUNK_BYTES):
        written += len(piece)
        if written > answer_bytes:
            raise UsageError(
                f"{what}: the answer is larger than {answer_bytes / 1e6:,.0f} MB",
                "Ask for fewer columns or rows; `newsmill export` writes whole tables",
            )
        out.write(piece)


@contextmanager
def _child(
    module: str, bounds: ChildBounds, environment: Mapping[str, str]
) -> Iterator[tuple[subprocess.Popen[bytes], threading.Event]]:
    root = str(Path(__file__).resolve().parents[2])
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", _START, root, module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env=environment,
    )
    is_killed = threading.Event()

    def kill() -> None:
        is_killed.set()
        child.kill()

    # The child sets itself the same deadline, once it has started.
    killer = threading.Timer(bounds.deadline, kill)
    killer.daemon = True
    killer.start()
    try:
        yield child, is_killed
    finally:
        killer.cancel()
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            assert pipe
            # What it did not read any more is no loss.
            with suppress(BrokenPipeError):
                pipe.close()


def answer_parent(work: Callable[[dict[str, Any], BinaryIO], Any]) -> None:
    """The child's side: do what the parent asks for, within its bounds.

    Args:
        work: Gets the request, and writes the answer; gives what is to be said of it.
    """
    # Not through the buffer of `sys.stdin`: nothing is behind the line but the end.
    wanted = json.loads(_first_line())
    bounds = ChildBounds(**wanted["bounds"])
    _set_bounds(bounds)
    out = io.BufferedWriter(io.FileIO(1, "w", closefd=False), _CHUNK_BYTES)
    told: dict[str, Any]
    try:
        told = {"answer": work(wanted["request"], out)}
        out.flush()
    except NewsmillError as error:
        told = {"error": type(error).__name__, "facts": list(error.args)}
    except MemoryError:
        facts = ["memory", _too_much(wanted["what"], bounds)]
        told = {"error": OutOfSpaceError.__name__, "facts": facts}
    except Exception as error:  # noqa: BLE001  the parent tells it
        how = f"failed with {type(error).__name__}: {error}"
        told = {"error": ChildFailedError.__name__, "facts": [wanted["what"], how]}
    # The parent listens there only when it has all of the answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.stderr.write(f"\n{json.dumps(told, default=str)}\n")


def _first_line() -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, _CHUNK_BYTES)
        if not piece:
            sys.exit("nobody asks")
        line += piece
    return line


def _set_bounds(bounds: ChildBounds) -> None:
    """Let the system end this process: nothing that Python does is needed for it."""
    processors = len(os.sched_getaffinity(0))
    seconds = math.ceil(bounds.deadline * processors)
    _lower(resource.RLIMIT_CPU, seconds)
    _lower(resource.RLIMIT_CORE, 0)
    if bounds.memory_bytes is not None:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        cap = pages * resource.getpagesize() + bounds.memory_bytes
        _lower(resource.RLIMIT_AS, cap)
    signal.setitimer(signal.ITIMER_REAL, bounds.deadline)
    # When the parent closes its end of the pipe, and be it by its death, SIGIO comes.
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([0], [], [], 0)[0]:
        sys.exit("nobody asks any more")


def _lower(limit: int, most: int) -> None:
    _, hard = resource.getrlimit(limit)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(limit, (most, most))


_ERRORS: Final[dict[str, type[NewsmillError]]] = {
    kind.__name__: kind
    for kind in (*vars(transforms.errors).values(), ChildStoppedError, ChildFailedError)
    if isinstance(kind, type) and issubclass(kind, NewsmillError)
}
