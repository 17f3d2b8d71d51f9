"""A run that is stopped or killed leaves the warehouse as before, or as after."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.injected.sitecustomize import injected
from tests.fingerprint import fingerprint
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


@pytest.mark.parametrize("instant", ["after_load", "before_replace", "after_replace"])
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


@pytest.mark.parametrize("place", [".build.parts", ".build"], ids=["parts", "build"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_a_run_soon_with_its_code_and_no_traceback(
    newsmill, second_run, number, place
):
    before = newsmill.warehouse.read_bytes()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "flows",
            "run",
            str(second_run),
            "--direct",
            "--warehouse",
            str(newsmill.warehouse),
        ],
        cwd=newsmill.folder,
        env=newsmill.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    under_way = Path(f"{newsmill.warehouse}{place}")
    wait_until(lambda: under_way.exists() or process.poll() is not None, every=0.001)
    process.send_signal(number)
    start = time.monotonic()
    _, err = process.communicate(timeout=30)

    assert time.monotonic() - start < 15
    assert b"Traceback" not in err
    assert process.returncode == 128 + number
    assert newsmill.warehouse.read_bytes() == before
    newsmill.run(second_run)
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
