from pathlib import Path

import pytest

from flows.settings import Settings, load_settings
from transforms.errors import SettingsError


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in Settings.__dataclass_fields__:
        monkeypatch.delenv(f"NEWSMILL_{name.upper()}", raising=False)


def test_nothing_given_means_the_defaults():
    assert load_settings() == Settings()


def test_flag_wins_over_variable_over_file(monkeypatch):
    Path("newsmill.toml").write_text('warehouse = "file.duckdb"\nworkers = 1\n')
    assert load_settings().warehouse == Path("file.duckdb")

    monkeypatch.setenv("NEWSMILL_WAREHOUSE", "variable.duckdb")
    assert load_settings().warehouse == Path("variable.duckdb")

    told = load_settings(warehouse=Path("flag.duckdb"))
    assert (told.warehouse, told.workers) == (Path("flag.duckdb"), 1)


def test_flag_that_was_not_given_changes_nothing():
    assert load_settings(workers=None) == Settings()


def test_variable_lists_seeds_like_a_search_path(monkeypatch):
    monkeypatch.setenv("NEWSMILL_SEEDS", "a:b")

    assert load_settings().seeds == (Path("a"), Path("b"))


def test_patterns_to_ignore_take_the_place_of_the_default(monkeypatch):
    monkeypatch.setenv("NEWSMILL_IGNORE", "*.log:drafts/")
    assert load_settings().ignore == ("*.log", "drafts/")

    assert load_settings(ignore=["~$*"]).ignore == ("~$*",)
    monkeypatch.delenv("NEWSMILL_IGNORE")
    Path("newsmill.toml").write_text("ignore = []\n")
    assert load_settings().ignore == ()


@pytest.mark.parametrize(
    ("text", "expected"), [("yes", True), ("0", False)], ids=["yes", "zero"]
)
def test_truth_is_read_from_words(monkeypatch, text, expected):
    monkeypatch.setenv("NEWSMILL_FOLLOW_SYMLINKS", text)

    assert load_settings().follow_symlinks is expected


@pytest.mark.parametrize(
    "content",
    ["workers = 'many'", "workers = -1", "unknown = 1", "not toml"],
    ids=["wrong type", "negative", "unknown name", "broken file"],
)
def test_bad_file_is_a_settings_error(content):
    Path("newsmill.toml").write_text(content)

    with pytest.raises(SettingsError, match="expected"):
        load_settings()


def test_bad_truth_is_a_settings_error(monkeypatch):
    monkeypatch.setenv("NEWSMILL_FOLLOW_SYMLINKS", "maybe")

    with pytest.raises(SettingsError, match="true or false"):
        load_settings()


def test_step_to_leave_out_is_one_that_can_be(monkeypatch):
    monkeypatch.setenv("NEWSMILL_WITHOUT", "content")
    assert load_settings().without == ("content",)

    with pytest.raises(SettingsError, match="'labels', expected content"):
        load_settings(without=["labels"])


def test_zero_workers_takes_one_per_core():
    assert Settings(workers=0).worker_count >= 1
    assert Settings(workers=3).worker_count == 3
