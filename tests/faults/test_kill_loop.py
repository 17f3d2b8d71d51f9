"""kill -9 at random instants: as before or as after, and the next run converges."""

import os
import random
import shutil
import subprocess
import time
from contextlib import suppress

import pytest

from tests.faults.scene import kill, members, wait_until_gone
from tests.waiting import wait_until
from warehouse.open_reader import open_published

KILLS_PER_CONVERGENCE = 10


def _kill_and_converge(scene, *, files, articles, kills, seed):
    """Kill runs over a published warehouse, and now and then let one end."""
    scene.add(files=1, articles=5)
    assert scene.run()[0] == 0
    first = scene.folder / "first.duckdb"
    shutil.copy(scene.warehouse, first)
    before = scene.state()
    scene.add(files=files, articles=articles, seed=1)
    start = time.monotonic()
    after = scene.clean()
    whole_seconds = time.monotonic() - start
    dice = random.Random(seed)
    published = 0

    for number in range(1, kills + 1):
        process = scene.start()
        with suppress(subprocess.TimeoutExpired):
            process.wait(dice.uniform(0, 1.2 * whole_seconds))
        kill(process)
        assert wait_until_gone(process.pid) == [], "workers outlived the run"
        state = scene.state()
        assert state in (before, after), f"kill {number} left something else"
        published += state == after
        if number % KILLS_PER_CONVERGENCE == 0 or number == kills:
            code, told = scene.run()
            assert code == 0, told
            assert scene.state() == after
            assert scene.stray() == set()
            assert "running" not in scene.statuses()
        if scene.state() == after:
            shutil.copy(first, scene.warehouse)
    return published


def test_killed_small_runs_converge(scene):
    _kill_and_converge(scene, files=2, articles=20, kills=2, seed=11)


def test_workers_end_with_a_killed_run(scene):
    scene.add(files=12, articles=400)
    process = scene.start("--workers", "2", NEWSMILL_BATCH_BYTES="200000")
    # A first part is finished, so that the workers wait for work or do some.
    wait_until(lambda: scene.parts() and len(members(process.pid)) >= 3)

    kill(process)

    assert wait_until_gone(process.pid) == []
    assert not scene.warehouse.exists()


@pytest.mark.full
def test_two_hundred_killed_runs_of_twenty_thousand_articles_converge(scene):
    kills = int(os.environ.get("NEWSMILL_FAULT_KILLS", "200"))

    published = _kill_and_converge(scene, files=40, articles=500, kills=kills, seed=17)

    with open_published(scene.warehouse) as connection:
        assert connection.execute("SELECT count(*) FROM fact_article").fetchone()
    # Instants are spread over the run, so some fall behind its rename.
    assert published < kills


@pytest.mark.full
def test_killed_worker_ends_the_run_or_is_done_again(scene):
    scene.add(files=8, articles=2500, seed=3)
    after = scene.clean()
    process = scene.start("--workers", "2", NEWSMILL_BATCH_BYTES=str(2 << 20))
    wait_until(scene.parts)
    victims = [pid for pid in members(process.pid) if pid != process.pid]
    assert victims
    os.kill(max(victims), 9)
    _, err = process.communicate(timeout=120)

    assert b"Traceback" not in err
    assert wait_until_gone(process.pid) == []
    if process.returncode == 0:
        assert scene.state() == after
    else:
        assert not scene.warehouse.exists()
        assert b"newsmill: " in err
        assert scene.run()[0] == 0
        assert scene.state() == after
