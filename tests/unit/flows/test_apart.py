import os

import pytest

from flows.apart import Worker, looks_new
from flows.settings import Settings
from transforms.errors import OutOfSpaceError


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "in").mkdir()
    return Settings(
        warehouse=tmp_path / "news.duckdb", seeds=(tmp_path / "in",), batch_bytes=100
    )


def test_files_look_new_until_the_warehouse_is_younger(settings):
    assert not looks_new(settings)
    (settings.seeds[0] / "a.txt").write_text("Title\n\nText.\n")
    assert looks_new(settings)

    settings.warehouse.touch()
    later = (settings.seeds[0] / "a.txt").stat().st_ctime + 60
    os.utime(settings.warehouse, (later, later))

    assert not looks_new(settings)


def test_more_than_a_batch_is_not_prepared_for(settings):
    (settings.seeds[0] / "a.txt").write_text("Title\n\n" + "Text. " * 100)

    assert not looks_new(settings)


def test_killed_worker_is_told_as_lack_of_memory():
    with Worker() as worker:
        worker._process.kill()

        with pytest.raises(OutOfSpaceError, match="memory"):
            worker.hear()
