"""Two workers, a scheduler, and a shared catalogue, while parts of it die.

NEWSMILL_SCALE_DIGESTS names a folder of real digests; without it made-up ones are
taken. NEWSMILL_SCALE_MB is how much made-up text is added to them.
"""

import itertools
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.scene import write_digests
from tests.fingerprint import fingerprint
from tests.scale.machines import POSTGRES, ROOT, Cluster, Network, Postgres, Prefect
from tests.waiting import wait_until
from warehouse.read.check import check_warehouse

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        not POSTGRES, reason="no PostgreSQL here (Debian: apt install postgresql)"
    ),
]
pytest.importorskip("distributed", reason="needs newsmill[scale]")
pytest.importorskip("duckdb_extension_postgres_scanner", reason="needs newsmill[scale]")

MEBIBYTE = 1 << 20
DIGESTS = os.environ.get("NEWSMILL_SCALE_DIGESTS")
MADE_UP_MB = float(os.environ.get("NEWSMILL_SCALE_MB", "6"))
BATCHES = 12
ARTICLES_PER_FILE = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("machines")


@pytest.fixture(scope="module")
def postgres():
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def network():
    joined = Network()
    yield joined
    joined.close()


@pytest.fixture
def cluster(network, folder):
    started = Cluster(network, folder)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def inputs(folder):
    """Two folders of digests."""
    made = [folder / "in" / name for name in ("one", "two")]
    for number, place in enumerate(made):
        size = 0
        for part in itertools.count():
            if size > MADE_UP_MB * MEBIBYTE / 2:
                break
            seed = 1000 * number + part
            write_digests(place, files=10, articles=ARTICLES_PER_FILE, seed=seed)
            size = sum(path.stat().st_size for path in place.iterdir())
    for number, path in enumerate(
        sorted(Path(DIGESTS).glob("*.txt")) if DIGESTS else ()
    ):
        shutil.copy(path, made[number % 2])
    return made


@pytest.fixture(scope="module")
def single(folder, inputs):
    """What one process makes of it: the fingerprint."""
    warehouse = folder / "single.duckdb"
    finish(start(warehouse, *inputs, "--workers", "1"))
    return fingerprint(warehouse)


def start(warehouse, *words, how=("--direct",), **environment):
    total = sum(
        p.stat().st_size for w in words if Path(w).is_dir() for p in Path(w).iterdir()
    )
    batch_bytes = str(total // BATCHES)
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "flows",
            "run",
            *map(str, words),
            *how,
            "--json",
            "--warehouse",
            str(warehouse),
            "--lock-timeout",
            "600",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"NEWSMILL_BATCH_BYTES": batch_bytes} | environment,
    )


def finish(process, seconds=1800):
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, err.decode()
    return out


def finished_parts(lake):
    data = Path(str(lake).partition("?data=")[2])
    return list(data.parent.glob(f"{data.name}.parts/*/*.json"))


def wait_for_parts(lake, run, count):
    wait_until(
        lambda: len(finished_parts(lake)) >= count or run.poll() is not None,
        seconds=600,
    )
    assert run.poll() is None, run.communicate()


def by_dask(cluster):
    return ["--runner", "dask", "--scheduler", cluster.address]


def test_two_workers_make_what_one_process_makes(
    cluster, postgres, folder, inputs, single
):
    lake = postgres.lake(folder)

    finish(start(lake, *inputs, *by_dask(cluster)))

    assert fingerprint(lake) == single
    assert check_warehouse(lake) == []


def test_worker_that_dies_in_the_middle_changes_nothing(
    cluster, postgres, folder, inputs, single
):
    lake = postgres.lake(folder)
    run = start(lake, *inputs, *by_dask(cluster))
    wait_for_parts(lake, run, 2)

    cluster.kill_worker()
    finish(run)

    assert fingerprint(lake) == single


def test_scheduler_that_starts_again_changes_nothing(
    cluster, postgres, folder, inputs, single
):
    lake = postgres.lake(folder)
    run = start(lake, *inputs, *by_dask(cluster))
    wait_for_parts(lake, run, 2)

    cluster.restart()
    finish(run)

    assert fingerprint(lake) == single


def test_run_that_died_leaves_its_parts_to_the_next(
    cluster, postgres, folder, inputs, single
):
    lake = postgres.lake(folder)
    run = start(lake, *inputs, *by_dask(cluster))
    wait_for_parts(lake, run, 3)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    left = {path.name: path.stat().st_ino for path in finished_parts(lake)}

    again = start(lake, *inputs, *by_dask(cluster))
    wait_for_parts(lake, again, len(left) + 1)
    kept = {path.name: path.stat().st_ino for path in finished_parts(lake)}
    finish(again)

    assert left.items() <= kept.items()
    assert fingerprint(lake) == single


def test_two_runs_at_once_make_what_one_makes(
    cluster, postgres, folder, inputs, single
):
    lake = postgres.lake(folder)

    runs = [start(lake, place, *by_dask(cluster)) for place in inputs]
    for run in runs:
        finish(run)

    assert fingerprint(lake) == single
    assert check_warehouse(lake) == []


def test_readers_see_whole_runs_only(cluster, postgres, folder, inputs):
    lake = postgres.lake(folder)
    finish(start(lake, inputs[0], *by_dask(cluster)))
    question = (
        "SELECT count(*) FROM dim_document ANTI JOIN fact_occurrence "
        "USING (document_key) WHERE document_key <> 0"
    )
    run = start(lake, inputs[1], *by_dask(cluster))
    counts = set()

    while run.poll() is None:
        asked = subprocess.run(
            [
                sys.executable,
                "-m",
                "flows",
                "query",
                question,
                "--format",
                "csv",
                "--warehouse",
                str(lake),
            ],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        counts.add(asked.stdout.split()[-1])
    finish(run)

    assert counts == {b"0"}


def test_recorded_run_is_the_same_and_in_prefect(
    network, cluster, postgres, folder, inputs, single
):
    lake = postgres.lake(folder)
    prefect = Prefect(network, folder)
    try:
        finish(
            start(
                lake,
                *inputs,
                *by_dask(cluster),
                how=(),
                PREFECT_API_URL=prefect.url,
            )
        )
        recorded = prefect.count_task_runs()
    finally:
        prefect.stop()

    assert fingerprint(lake) == single
    assert recorded["batch"] >= BATCHES
    assert recorded["publish"] == 1
