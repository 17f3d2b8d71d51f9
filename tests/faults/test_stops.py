"""A run that is stopped or killed leaves the warehouse as before, or as after."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from flows.process_end import STOP_GRACE_SECONDS
from tests.faults.injected.sitecustomize import injected
from tests.fingerprint import fingerprint
from tests.gate import sampled
from tests.waiting import wait_until

HOLD_LOCK = """
import sys
from pathlib import Path

from flows.tasks.session import new_run
from warehouse.publish.lock import hold_lock

with hold_lock(Path(sys.argv[1]), new_run(None), timeout_seconds=0):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="session")
def published_once(make_newsmill, tmp_path_factory, seed_file):
    """A published warehouse, and a folder with one more digest to ingest."""
    newsmill = make_newsmill(tmp_path_factory.mktemp("published"))
    inputs = newsmill.folder / "in"
    inputs.mkdir()
    text = seed_file.read_text(encoding="utf-8")
    (inputs / "first.txt").write_text(text, encoding="utf-8")
    newsmill.run(inputs)
    later = text.replace("Kazakhstan", "Ruritania").replace("Tajikistan", "Graustark")
    (inputs / "second.txt").write_text(later, encoding="utf-8")
    return newsmill


@pytest.fixture
def second_run(published_once, newsmill):
    """The folder, and a copy of the warehouse of the test's own."""
    for path in published_once.folder.glob(f"{newsmill.warehouse.name}*"):
        shutil.copy(path, newsmill.folder)
    return published_once.folder / "in"


@pytest.mark.parametrize(
    "instant", sampled(["before_replace", "after_load", "after_replace"])
)
def test_killed_run_publishes_all_or_nothing_and_the_next_completes(
    newsmill, second_run, instant
):
    before = newsmill.warehouse.read_bytes()

    newsmill(
        "run",
        second_run,
        "--direct",
        "--warehouse",
        newsmill.warehouse,
        code=-signal.SIGKILL,
        **injected(instant),
    )

    if instant != "after_replace":
        assert newsmill.warehouse.read_bytes() == before
    newsmill.run(second_run)
    assert newsmill.sql("SELECT count(*) AS n FROM dim_document")[0]["n"] == 3
    clean = newsmill.folder / "clean.duckdb"
    newsmill("run", second_run, "--direct", "--warehouse", clean)
    assert fingerprint(newsmill.warehouse) == fingerprint(clean)
    left = {path.name for path in newsmill.folder.iterdir()}
    assert not {name for name in left if ".build" in name}


@pytest.mark.full
def test_interrupted_run_is_told_by_the_next(newsmill, second_run):
    newsmill(
        "run",
        second_run,
        "--direct",
        "--warehouse",
        newsmill.warehouse,
        code=-signal.SIGKILL,
        **injected("before_replace"),
    )

    newsmill.run(second_run)

    statuses = newsmill.sql("SELECT status FROM dim_run WHERE run_key <> 0")
    assert sorted(row["status"] for row in statuses) == [
        "interrupted",
        "published",
        "published",
    ]


def is_hearing(pid):
    """Whether a process takes SIGTERM itself, which Python does not by default."""
    status = Path(f"/proc/{pid}/status").read_text()
    (caught,) = re.findall("^SigCgt:\t(.*)$", status, re.MULTILINE)
    return bool(int(caught, 16) >> signal.SIGTERM - 1 & 1)


def wait_for(moment, process):
    """Until a run has begun what is named, or done the task; what it said till then."""
    if moment == "imports":
        wait_until(lambda: is_hearing(process.pid), every=0.001)
    elif moment == "server":
        wait_until(lambda: psutil.Process(process.pid).children(), every=0.01)
    else:
        for line in process.stderr:
            if f" {moment}: " in line.decode():
                return
        pytest.fail(f"{moment} was never done")


@pytest.mark.parametrize(
    "how",
    [(signal.SIGINT, os.killpg), (signal.SIGTERM, os.kill)],
    ids=["ctrl_c", "term"],
)
@pytest.mark.parametrize(
    "moment", ["imports", "server", "discover", "land", "stage", "audit"]
)
@pytest.mark.parametrize("mode", ["direct", "recorded"])
def test_signal_ends_a_run_soon_and_what_is_said_is_true(
    newsmill, second_run, mode, moment, how
):
    if (mode, moment) == ("direct", "server"):
        pytest.skip("a direct run has none")
    before = newsmill.warehouse.read_bytes()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "flows",
            "run",
            str(second_run),
            "--verbose",
            *["--direct"] * (mode == "direct"),
            "--warehouse",
            str(newsmill.warehouse),
        ],
        cwd=newsmill.folder,
        # Batches of one file go to worker processes, which Ctrl-C reaches as well.
        env={
            **newsmill.environment,
            "NEWSMILL_WORKERS": "2",
            "NEWSMILL_BATCH_BYTES": "1000",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    wait_for(moment, process)
    family = psutil.Process(process.pid).children(recursive=True)
    number, send = how
    send(process.pid, number)
    start = time.monotonic()
    _, err = process.communicate(timeout=60)

    assert time.monotonic() - start < STOP_GRACE_SECONDS + 5
    assert b"Traceback" not in err
    assert process.returncode == 128 + number
    is_published = newsmill.warehouse.read_bytes() != before
    said = b"are in the warehouse" if is_published else b"as it was before"
    assert said in err, err
    _, left = psutil.wait_procs(family, timeout=20)
    assert left == []
    newsmill.run(second_run)
    assert newsmill.sql("SELECT count(*) AS n FROM dim_document")[0]["n"] == 3


@pytest.mark.parametrize(
    "instant", sampled(["stop_before_replace", "stop_after_replace"])
)
def test_run_that_is_stopped_when_it_publishes_says_that_it_did(
    newsmill, second_run, instant
):
    ended = newsmill(
        "run",
        second_run,
        "--direct",
        "--warehouse",
        newsmill.warehouse,
        code=128 + signal.SIGINT,
        **injected(instant),
    )

    assert "the articles of this run are in the warehouse" in ended.err
    assert newsmill.sql("SELECT count(*) AS n FROM dim_document")[0]["n"] == 3


def test_second_writer_is_told_who_holds_the_lock(newsmill, second_run):
    first = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLD_LOCK,
            str(newsmill.warehouse),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert first.stdout.readline() == b"held\n"

    ended = newsmill(
        "run",
        second_run,
        "--direct",
        "--warehouse",
        newsmill.warehouse,
        "--lock-timeout",
        "0.5",
        code=4,
    )

    first.communicate()
    assert f"process {first.pid}" in ended.err
