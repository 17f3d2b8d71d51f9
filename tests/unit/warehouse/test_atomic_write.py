from contextlib import suppress

import pytest

from warehouse.atomic_write import atomic_file, atomic_folder


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_file_has_its_name_when_it_is_whole(tmp_path):
    target = tmp_path / "rows.csv"
    target.write_text("old")

    with atomic_file(target) as partial:
        partial.write_text("new")
        assert target.read_text() == "old"

    assert target.read_text() == "new"
    assert names(tmp_path) == {"rows.csv"}


def test_folder_has_its_name_when_it_is_whole(tmp_path):
    target = tmp_path / "runs" / "part"

    with atomic_folder(target) as partial:
        (partial / "a.parquet").write_text("a")
        assert not target.exists()

    assert names(target) == {"a.parquet"}
    assert names(tmp_path / "runs") == {"part"}


@pytest.mark.parametrize("write", [atomic_file, atomic_folder])
def test_failure_leaves_nothing(tmp_path, write):
    with suppress(ZeroDivisionError), write(tmp_path / "target") as partial:
        (partial.write_text if write is atomic_file else (partial / "a").write_text)("")
        raise ZeroDivisionError

    assert names(tmp_path) == set()


def test_slower_of_two_alike_gives_way(tmp_path):
    target = tmp_path / "part"

    with atomic_folder(target) as slower:
        (slower / "a").write_text("slower")
        with atomic_folder(target) as faster:
            (faster / "a").write_text("faster")

    assert (target / "a").read_text() == "faster"
    assert names(tmp_path) == {"part"}


def test_name_as_long_as_the_system_allows_can_be_written(tmp_path):
    target = tmp_path / ("é" * 127)

    with atomic_file(target) as partial:
        partial.write_text("new")

    assert names(tmp_path) == {target.name}


def test_old_folder_is_replaced_when_that_is_wanted(tmp_path):
    target = tmp_path / "part"
    target.mkdir()
    (target / "old").write_text("old")

    with atomic_folder(target, replace_old=True) as partial:
        (partial / "new").write_text("new")

    assert names(target) == {"new"}


def test_folder_that_cannot_be_renamed_is_an_error(tmp_path):
    with (
        pytest.raises(FileNotFoundError),
        atomic_folder(tmp_path / "part") as partial,
    ):
        partial.rmdir()
