"""A child that goes wrong is ended, and its parent says what became of it."""

import io
import os
import signal
import sys
import time

import psutil
import pytest

from tests.conftest import ROOT
from tests.waiting import wait_until
from transforms.errors import NewsmillError
from warehouse.read.supervised import ChildBounds, ask_child

MISBEHAVING = "tests.integration.reading.misbehaving_child"
# Nothing that Python or DuckDB does would end it.
ENDLESS = (
    "SELECT max(length(repeat('x', 400000000) || range::VARCHAR)) FROM range(99999)"
)


@pytest.mark.parametrize(
    ("how", "told", "code"),
    [
        ("spin", "stopped after 0.5 s", 1),
        ("hang", "stopped after 0.5 s", 1),
        ("crash", r"crashed \(SIGSEGV\)", 1),
        ("fill_memory", "out of memory: the misbehaving needs more than 100 MiB", 6),
        ("raise_error", "failed with LookupError: no such thing", 1),
        ("refuse", "is damaged", 5),
        ("leave", "ended with 3: no word of why", 1),
    ],
)
def test_each_end_is_told_apart(how, told, code):
    start = time.monotonic()

    with pytest.raises(NewsmillError, match=told) as caught:
        ask_child(
            MISBEHAVING,
            {"how": how},
            io.BytesIO(),
            ChildBounds(0.5, 1000, memory_bytes=100 << 20, grace_seconds=0.5),
            {},
        )

    assert caught.value.exit_code == code
    assert time.monotonic() - start < 10


@pytest.mark.full
def test_answer_that_is_too_large_is_refused(seeded):
    ended = seeded.ask(
        "query",
        "SELECT repeat('x', 10000) FROM range(100000)",
        *("--format", "csv", "-o", seeded.folder / "large.csv"),
        code=2,
    )

    assert "larger than 500 MB" in ended.err
    assert not (seeded.folder / "large.csv").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_child_ends_with_its_parent(seeded, number):
    parent = seeded.start(
        "query", ENDLESS, "--timeout", "1000", "--warehouse", seeded.warehouse
    )
    (child,) = wait_until(psutil.Process(parent.pid).children)
    wait_until(lambda: child.cpu_times().user > 1)

    parent.send_signal(number)

    parent.communicate(timeout=20)
    assert psutil.wait_procs([child], timeout=5)[1] == []


def test_child_without_a_parent_ends_at_its_deadline():
    """Even if it never hears that the other end of its pipe is closed."""
    reading, writing = os.pipe()
    bounds = {"seconds": 0.5, "answer_bytes": 1000, "grace_seconds": 0.5}
    child = psutil.Popen(
        [
            sys.executable,
            *("-c", f"from {MISBEHAVING} import main; main()"),
        ],
        cwd=ROOT,
        stdin=reading,
    )
    os.close(reading)
    line = f'{{"what": "test", "request": {{"how": "hang"}}, "bounds": {bounds}}}\n'
    os.write(writing, line.replace("'", '"').encode())

    assert child.wait(timeout=20) == -signal.SIGALRM
    os.close(writing)
