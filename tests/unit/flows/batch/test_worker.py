import os
import signal

import pytest

from flows.batch.ahead import Ready, count_young_bytes, ready_if_new
from flows.batch.worker import Worker
from flows.runners import pool as pool_module
from flows.settings import Settings
from transforms.errors import OutOfSpaceError


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "in").mkdir()
    return Settings(
        warehouse=tmp_path / "news.duckdb",
        seeds=(tmp_path / "in",),
        batch_bytes=100,
        workers=2,
    )


def test_files_look_new_until_the_warehouse_is_younger(settings):
    assert not Ready(settings).looks_new
    (settings.seeds[0] / "a.txt").write_text("Title\n\nText.\n")
    assert Ready(settings).looks_new

    settings.warehouse.touch()
    later = (settings.seeds[0] / "a.txt").stat().st_ctime + 60
    os.utime(settings.warehouse, (later, later))

    assert not Ready(settings).looks_new


def test_many_files_are_not_looked_at(settings, monkeypatch):
    (settings.seeds[0] / "a.txt").write_text("Title\n\nText.\n")
    monkeypatch.setattr("flows.batch.ahead.FILES_LOOKED_AT", 1)

    assert count_young_bytes(settings) == 0


def test_more_than_a_batch_is_prepared_for_by_workers_that_end(settings):
    (settings.seeds[0] / "a.txt").write_text("Title\n\n" + "Text. " * 100)

    with ready_if_new(settings) as ready:
        ready.start_more()
        (pool,) = pool_module._AHEAD
        with pool_module.worker_pool(2) as submit:
            numbers = {submit(process_number, None)() for _ in range(4)}
        assert [pool] == pool_module._AHEAD
        processes = pool._started

    assert len(processes) == 2
    assert numbers <= {process.pid for process in processes}
    assert not any(process.is_alive() for process in processes)


def process_number(_):
    return os.getpid()


def test_worker_started_ahead_that_dies_is_told_by_its_cause(settings):
    (settings.seeds[0] / "a.txt").write_text("Title\n\n" + "Text. " * 100)

    with ready_if_new(settings) as ready:
        ready.start_more()
        with (
            pytest.raises(OutOfSpaceError, match="memory"),
            pool_module.worker_pool(2) as submit,
        ):
            submit(die, None)()


def die(_):
    os.kill(os.getpid(), signal.SIGKILL)


def test_killed_worker_is_told_as_lack_of_memory():
    with Worker() as worker:
        worker._process.kill()

        with pytest.raises(OutOfSpaceError, match="memory"):
            worker.hear()
