import json
import os
import resource
import signal
import subprocess
import sys

import pytest

from tests.faults.injected.sitecustomize import KILLS
from tests.fingerprint import fingerprint
from tests.gate import sampled
from tests.integration.warehouse.writer import WRITER, write
from transforms.errors import OutOfSpaceError
from warehouse.open_reader import open_published


def stray(mill):
    names = {path.name for path in mill.warehouse.parent.iterdir() if path.is_file()}
    return names - {
        "news.duckdb",
        "news.duckdb.lock",
        "other.duckdb",
        "other.duckdb.lock",
    }


@pytest.mark.parametrize("instant", sampled(KILLS, keep=4))
def test_kill_leaves_before_or_after_and_the_next_run_completes(
    mill, second_mill, monday, tuesday, instant
):
    parts = [mill.part(monday), mill.part(tuesday)]
    mill.run(parts[0])
    second_mill.run(*parts)
    before, after = fingerprint(mill.warehouse), fingerprint(second_mill.warehouse)

    code, _ = write(mill, parts[1], run_id="killed", faults=[instant])

    assert code == -signal.SIGKILL
    assert fingerprint(mill.warehouse) == (
        after if instant == "after_replace" else before
    )

    code, _ = write(mill, parts[1], run_id="next")

    assert code == 0
    assert fingerprint(mill.warehouse) == after
    assert not stray(mill)
    with open_published(mill.warehouse) as connection:
        statuses = dict(
            connection.execute("SELECT run_id, status FROM dim_run").fetchall()
        )
    assert statuses["killed"] == (
        "published" if instant == "after_replace" else "interrupted"
    )


@pytest.mark.parametrize("instant", ["after_load", "before_commit", "before_replace"])
def test_kill_of_the_first_run_leaves_no_warehouse(mill, monday, instant):
    part = mill.part(monday)

    code, _ = write(mill, part, run_id="killed", faults=[instant])

    assert code == -signal.SIGKILL
    assert not mill.warehouse.exists()
    assert write(mill, part, run_id="next")[0] == 0
    assert not stray(mill)


@pytest.mark.parametrize("limit_bytes", [100_000, 600_000])
def test_file_size_limit_is_out_of_space_and_changes_nothing(
    mill, monday, tuesday, limit_bytes
):
    mill.run(mill.part(monday))
    part = mill.part(tuesday)
    before = mill.warehouse.read_bytes()

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    code, message = write(mill, part, run_id="full", limit=limit)

    assert code == 6, message
    assert "out of disk space" in message
    assert mill.warehouse.read_bytes() == before
    assert not stray(mill)
    assert write(mill, part, run_id="next")[0] == 0


def test_part_that_does_not_fit_is_out_of_space(mill, monday):
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, most))

    try:
        with pytest.raises(OutOfSpaceError, match="disk space"):
            mill.part(monday)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_second_writer_names_the_first(mill, facts_of, monday):
    from warehouse.open_writer import open_writer

    with open_writer(mill.warehouse, facts_of("run-1"), lock_timeout_seconds=0):
        code, message = write(mill, mill.part(monday), run_id="second")

    assert code == 4
    assert f"process {os.getpid()} (run run-1" in message


@pytest.mark.full
def test_two_writers_at_once_lose_nothing(mill, second_mill, monday, tuesday):
    second_mill.run(mill.part(monday), mill.part(tuesday))
    patient = WRITER.replace("lock_timeout_seconds=0", "lock_timeout_seconds=60")

    writers = [
        subprocess.Popen(
            [sys.executable, "-c", patient, str(mill.warehouse), name, str(part)]
        )
        for name, part in (("a", mill.part(monday)), ("b", mill.part(tuesday)))
    ]
    codes = [writer.wait(timeout=120) for writer in writers]

    assert codes == [0, 0]
    assert fingerprint(mill.warehouse) == fingerprint(second_mill.warehouse)


def test_torn_lock_note_is_no_obstacle(mill, monday):
    mill.run(mill.part(monday))
    mill.warehouse.with_name("news.duckdb.lock").write_text('{"pid": 1, "ru')

    assert mill.run(mill.part(monday), run_id="run-2").articles_new == 0


def test_failed_run_is_not_an_interrupted_one(mill, facts_of, monday):
    from warehouse.open_writer import open_writer

    def fail():
        with open_writer(mill.warehouse, facts_of("bad"), lock_timeout_seconds=0):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    note = json.loads(mill.warehouse.with_name("news.duckdb.lock").read_text())
    assert (note["pid"], note["interrupted"]) == (None, [])
    mill.run(mill.part(monday))
    with open_published(mill.warehouse) as connection:
        assert connection.execute(
            "SELECT count(*) FROM dim_run WHERE run_id = 'bad'"
        ).fetchone() == (0,)
