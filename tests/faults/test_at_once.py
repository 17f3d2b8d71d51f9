"""Several writers, readers, and clocks at once."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from functools import partial

import duckdb
import pytest

from tests.faults.scene import ROOT, kill, wait_until_gone, write_digests
from tests.fingerprint import fingerprint
from tests.waiting import wait_until
from warehouse.open_reader import open_published


@pytest.mark.full
def test_two_runs_at_once_both_end_well(scene):
    scene.add(files=2, articles=10)

    runs = [scene.start("--lock-timeout", "100") for _ in range(2)]
    ended = [run.communicate(timeout=200) for run in runs]

    assert [run.returncode for run in runs] == [0, 0], ended
    assert all(b"Traceback" not in err for _, err in ended)
    assert scene.state() == scene.clean()
    assert scene.statuses() == ["published"]


@pytest.mark.full
def test_ten_runs_at_once_with_kills_converge(scene):
    dice = random.Random(5)
    folders = [
        write_digests(scene.inputs / f"{number}", files=2, articles=50, seed=number)
        for number in range(10)
    ]

    runs = [scene.start("--lock-timeout", "300", inputs=folder) for folder in folders]
    published = None
    for run in dice.sample(runs, 4):
        # Each is killed when one more has published, in whatever it does then.
        published = wait_until(partial(scene.published_after, published), seconds=300)
        kill(run)
    for run in runs:
        if run.stdout and not run.stdout.closed:
            _, err = run.communicate(timeout=300)
            assert run.returncode == 0, err
        assert wait_until_gone(run.pid) == []
    for folder in folders:
        assert scene.run(inputs=folder)[0] == 0

    assert scene.state() == scene.clean()
    assert scene.stray() == set()
    assert "running" not in scene.statuses()


@pytest.mark.full
def test_reader_held_open_through_ten_runs_sees_what_it_opened(scene):
    scene.add(files=1, articles=5)
    assert scene.run()[0] == 0
    question = "SELECT count(*), sum(char_count)::BIGINT FROM main.fact_article"
    with open_published(scene.warehouse) as reader:
        opened = reader.execute(question).fetchone()
        for number in range(1, 11):
            scene.add(files=1, articles=5, seed=number)
            assert scene.run()[0] == 0
            assert reader.execute(question).fetchone() == opened
    with open_published(scene.warehouse) as reader:
        assert reader.execute(question).fetchone()[0] > opened[0]


@pytest.mark.full
def test_readers_during_runs_see_whole_states(scene):
    scene.add(files=1, articles=5)
    assert scene.run()[0] == 0
    seen, failures, done = set(), [], threading.Event()

    def read():
        while not done.is_set():
            try:
                with open_published(scene.warehouse) as reader:
                    seen.add(
                        reader.execute(
                            "SELECT (SELECT count(*) FROM main.fact_article), "
                            "(SELECT sum(articles_new)::BIGINT FROM main.dim_run)"
                        ).fetchone()
                    )
            except (duckdb.Error, OSError) as error:
                failures.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    for number in range(1, 6):
        scene.add(files=1, articles=5, seed=number)
        assert scene.run()[0] == 0
    done.set()
    thread.join()

    assert failures == []
    assert all(articles == told for articles, told in seen)
    assert len(seen) > 2


@pytest.mark.full
def test_link_to_the_warehouse_means_the_same_lock(scene):
    scene.add(files=1, articles=5)
    assert scene.run()[0] == 0
    link = scene.folder / "link.duckdb"
    link.symlink_to(scene.warehouse)
    scene.add(files=1, articles=5, seed=1)

    runs = [
        scene.start("--lock-timeout", "100"),
        scene.start("--lock-timeout", "100", warehouse=link),
    ]
    for run in runs:
        _, err = run.communicate(timeout=200)
        assert run.returncode == 0, err

    assert link.is_symlink()
    assert scene.state() == scene.clean()


@pytest.mark.full
def test_frozen_holder_is_named_and_finishes_later(scene):
    scene.add(files=4, articles=400)
    first = scene.start()
    lock = scene.warehouse.with_name("news.duckdb.lock")
    wait_until(lock.exists, every=0.02)
    os.kill(first.pid, signal.SIGSTOP)

    code, told = scene.run("--lock-timeout", "1")

    assert code == 4, told
    assert str(first.pid) in told
    os.killpg(first.pid, signal.SIGCONT)
    _, err = first.communicate(timeout=120)
    assert first.returncode == 0, err
    assert scene.state() == scene.clean()


@pytest.mark.full
def test_clock_going_back_loses_no_run(scene):
    if shutil.which("faketime") is None:
        pytest.skip("setting the clock back needs the program faketime")
    scene.add(files=1, articles=5)
    assert scene.run()[0] == 0
    scene.add(files=1, articles=5, seed=1)

    ended = subprocess.run(
        [
            "faketime",
            "-f",
            "-3h",
            sys.executable,
            "-m",
            "flows",
            "run",
            str(scene.inputs),
            "--direct",
            "--warehouse",
            str(scene.warehouse),
        ],
        cwd=scene.folder,
        env={**scene.environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    assert scene.statuses() == ["published", "published"]
    assert scene.state() == scene.clean()


@pytest.mark.parametrize(
    ("files", "articles"), [(1, 8), pytest.param(20, 100, marks=pytest.mark.full)]
)
def test_warehouse_deleted_and_built_again_is_equal(scene, files, articles):
    scene.add(files=files, articles=articles)
    assert scene.run()[0] == 0
    first = scene.state()
    scene.warehouse.unlink()

    assert scene.run()[0] == 0

    assert fingerprint(scene.warehouse) == first
