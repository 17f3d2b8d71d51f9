"""Batches on Dask workers: the same warehouse, and nothing done twice."""

from concurrent.futures import CancelledError
from datetime import date

import pytest

from flows.batch.batches import group_files, make_recipe
from flows.runners import dask_cluster
from flows.runners.dask_cluster import (
    ClusterLostError,
    cluster_options,
    wait_again,
)
from flows.settings import Settings
from flows.tasks.transform_batch import OtherVersionError, transform_batch
from tests.faults.scene import write_digests
from tests.fingerprint import fingerprint
from transforms.discover.discover import discover
from transforms.errors import UsageError
from warehouse.landing.landing import hash_files, join_arrivals
from warehouse.landing.listing import list_entries

distributed = pytest.importorskip("distributed", reason="needs newsmill[scale]")

ONE_FILE = {"NEWSMILL_BATCH_BYTES": "2000"}


def make_batch(inputs, folder):
    files, _ = discover(list_entries((inputs,), follow_symlinks=False))
    hashed = join_arrivals(hash_files(files).arrivals)
    recipe = make_recipe(date(2022, 1, 7), None)
    (batch,) = group_files(hashed, batch_bytes=1 << 20, folder=folder, recipe=recipe)
    return batch


@pytest.mark.full
def test_two_dask_workers_make_what_one_process_makes(newsmill, tmp_path):
    # Two batches for Dask, each large enough to be cut; one for the plain run.
    inputs = write_digests(tmp_path / "in", files=2, articles=16)
    plain = newsmill.run(inputs, "--workers", 1)
    expected = fingerprint(newsmill.warehouse)

    newsmill.warehouse = tmp_path / "by-dask.duckdb"
    by_dask = newsmill.run(inputs, "--runner", "dask", "--workers", 2, **ONE_FILE)

    assert by_dask["seconds"]["transform_piece"] > 0
    assert by_dask["articles_new"] == plain["articles_new"] > 0
    assert fingerprint(newsmill.warehouse) == expected


def test_local_cluster_answers_nobody_but_its_own_run():
    options = cluster_options(Settings(workers=1)) | {"n_workers": 0}

    with distributed.LocalCluster(**options) as cluster:
        address = cluster.scheduler_address.replace("tls", "tcp")
        with pytest.raises(OSError, match="closed"):
            distributed.Client(address, timeout=5, set_as_default=False)


def test_finished_part_is_not_made_again(tmp_path):
    inputs = write_digests(tmp_path / "in", files=2, articles=3)
    (inputs / "empty.txt").write_text("* * *\n")
    batch = make_batch(inputs, tmp_path / "parts")
    made = transform_batch(batch)

    for path in inputs.iterdir():
        path.unlink()
    found = transform_batch(batch)

    assert (found.path, found.counts) == (made.path, made.counts)
    assert len(made.rejects) == 1
    assert found.rejects.equals(made.rejects)


def test_part_has_another_name_when_anything_else_decides_it(tmp_path):
    inputs = write_digests(tmp_path / "in", files=2, articles=3)
    batch = make_batch(inputs, tmp_path / "parts")
    (inputs / "0-00000.txt").rename(inputs / "renamed.txt")

    renamed = make_batch(inputs, tmp_path / "parts")
    next_day = group_files(
        batch.files,
        batch_bytes=1 << 20,
        folder=tmp_path,
        recipe=make_recipe(date(2022, 1, 8), None),
    )[0]

    assert len({batch.batch_id, renamed.batch_id, next_day.batch_id}) == 3


def test_worker_with_other_weights_is_refused(tmp_path):
    weights = tmp_path / "own.npz"
    weights.write_bytes(b"one")
    recipe = make_recipe(date(2022, 1, 7), weights)
    (batch,) = group_files(
        make_batch(write_digests(tmp_path / "in", files=1, articles=1), tmp_path).files,
        batch_bytes=1,
        folder=tmp_path,
        recipe=recipe,
    )
    weights.write_bytes(b"two")

    with pytest.raises(OtherVersionError, match="same Newsmill"):
        transform_batch(batch)


class Forgetful:
    """A cluster whose scheduler forgets what it was given a number of times."""

    def __init__(self, times):
        self.times, self.submitted = times, 0

    def submit(self):
        self.submitted += 1
        return self

    def result(self):
        if self.submitted <= self.times:
            raise CancelledError
        return "part"


def test_lost_batch_is_submitted_again(monkeypatch):
    monkeypatch.setattr(dask_cluster, "PAUSES_SECONDS", (0.0, 0.0, 0.0))
    cluster = Forgetful(times=2)

    assert wait_again(cluster.submit, "tcp://x")() == "part"
    assert cluster.submitted == 3


def test_scheduler_that_stays_away_ends_the_run(monkeypatch):
    monkeypatch.setattr(dask_cluster, "PAUSES_SECONDS", (0.0, 0.0))

    with pytest.raises(ClusterLostError, match="tcp://x is gone"):
        wait_again(Forgetful(times=9).submit, "tcp://x")()


def test_scheduler_that_does_not_answer_is_a_usage_error(newsmill, tmp_path):
    inputs = write_digests(tmp_path / "in", files=1, articles=1)
    ended = newsmill(
        "run",
        inputs,
        "--direct",
        "--runner",
        "dask",
        "--scheduler",
        "not-an-address",
        "--warehouse",
        newsmill.warehouse,
        code=2,
    )

    assert "no Dask scheduler answers" in ended.err


@pytest.mark.parametrize(
    ("scheduler", "api_url", "is_reached"),
    [
        ("tcp://127.0.0.1:8786", None, True),
        ("tcp://localhost:8786", "http://127.0.0.1:4200/api", True),
        ("tcp://10.0.0.5:8786", "http://10.0.0.5:4200/api", True),
        ("tcp://10.0.0.5:8786", None, False),
        ("tls://host:8786", "http://localhost:4200/api", False),
    ],
)
def test_workers_elsewhere_need_a_shared_prefect(scheduler, api_url, is_reached):
    if is_reached:
        dask_cluster.require_shared_api(scheduler, api_url)
        return
    with pytest.raises(UsageError, match="cannot reach a Prefect API"):
        dask_cluster.require_shared_api(scheduler, api_url)
