"""Which server is a service's of this user: what holds the lock of the note says so."""

import fcntl
import os
from contextlib import contextmanager

import pytest

from flows.api_address import (
    SERVED_FROM,
    Api,
    home_of,
    make_prefect_home,
    named_api,
    prefect_home,
    service_api,
    service_note,
    settle_prefect_home,
)

URL = "http://127.0.0.1:4200/api"
OURS = Api(URL, "newsmill:secret")


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("PREFECT_PROFILES_PATH", "")
    for name in ("PREFECT_API_URL", "PREFECT_API_AUTH_STRING", "PREFECT_PROFILE"):
        monkeypatch.delenv(name, raising=False)


def write_note(text="newsmill:secret\n" + URL + "\n", mode=0o600):
    service_note().write_text(text)
    service_note().chmod(mode)


@contextmanager
def locked():
    with service_note().open() as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        yield


def test_note_of_a_service_that_runs_names_its_api():
    write_note()

    with locked():
        assert service_api() == OURS


def test_note_of_a_service_that_died_names_nothing():
    write_note()

    assert service_api() is None


def test_note_of_a_service_on_a_server_of_others_has_that_ones_password():
    write_note("newsmill:secret\n" + URL + "\nuser:chosen\n")
    with locked():
        assert service_api() == Api(URL, "user:chosen")

    write_note("newsmill:secret\n" + URL + "\n\n")
    with locked():
        assert service_api() == Api(URL)


def test_each_warehouse_has_a_home_unless_the_user_names_one(tmp_path, monkeypatch):
    named = prefect_home()
    settle_prefect_home(tmp_path / "one.duckdb")
    assert prefect_home() == named

    homes = []
    for warehouse in ("one.duckdb", "two/one.duckdb", "./one.duckdb"):
        monkeypatch.delenv("PREFECT_HOME", raising=False)
        settle_prefect_home(tmp_path / warehouse)
        homes.append(prefect_home())

    assert homes[0] == homes[2] != homes[1]
    assert homes[0].parent == tmp_path / "user" / ".prefect" / "newsmill"
    assert homes[0].name.startswith("one-")


def test_home_is_made_with_the_folders_above_it(tmp_path, monkeypatch):
    monkeypatch.delenv("PREFECT_HOME")
    settle_prefect_home(tmp_path / "one.duckdb")

    make_prefect_home()

    assert prefect_home().is_dir()
    assert prefect_home().stat().st_mode & 0o077 == 0


def test_service_is_found_in_the_home_that_it_was_given(tmp_path, monkeypatch):
    warehouse, given = tmp_path / "one.duckdb", prefect_home()
    write_note()
    home_of(warehouse).mkdir(parents=True)
    (home_of(warehouse) / SERVED_FROM).write_text(str(given))

    with locked():
        monkeypatch.delenv("PREFECT_HOME")
        settle_prefect_home(warehouse)
        assert service_api() == OURS
    monkeypatch.delenv("PREFECT_HOME")
    settle_prefect_home(warehouse)
    assert prefect_home() == home_of(warehouse)


def test_profiles_of_the_user_stay_where_they_are(tmp_path, monkeypatch):
    monkeypatch.delenv("PREFECT_HOME")
    monkeypatch.delenv("PREFECT_PROFILES_PATH")
    profiles = tmp_path / "user" / ".prefect" / "profiles.toml"
    profiles.parent.mkdir(parents=True)
    profiles.write_text(f'active = "a"\n[profiles.a]\nPREFECT_API_URL = "{URL}"\n')

    settle_prefect_home(tmp_path / "one.duckdb")

    assert named_api() == Api(URL)
    monkeypatch.delenv("PREFECT_PROFILES_PATH")


def test_no_note_names_nothing():
    assert service_api() is None


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("newsmill:secret\n" + URL, 0o640),
        ("newsmill:secret\n" + URL, 0o604),
        ("", 0o600),
        ("newsmill:secret\n", 0o600),
        ("\n" + URL, 0o600),
    ],
    ids=["group", "world", "empty", "no address", "no password"],
)
def test_note_that_others_may_have_read_or_half_written_names_nothing(text, mode):
    write_note(text, mode)

    with locked():
        assert service_api() is None


def test_note_that_is_no_file_names_nothing(tmp_path):
    write_note()
    service_note().rename(tmp_path / "elsewhere")
    service_note().symlink_to(tmp_path / "elsewhere")
    with locked():
        assert service_api() is None

    service_note().unlink()
    os.mkfifo(service_note(), 0o600)
    assert service_api() is None


def test_named_api_gets_the_password_of_the_user_else_of_his_service(monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", URL)
    write_note()

    assert named_api() == Api(URL)
    with locked():
        assert named_api() == OURS
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "user:chosen")
    assert named_api() == Api(URL, "user:chosen")


def test_profile_of_prefect_names_an_api(tmp_path):
    (tmp_path / "profiles.toml").write_text(
        f'active = "a"\n[profiles.a]\nPREFECT_API_URL = "{URL}"\n'
        'PREFECT_API_AUTH_STRING = "user:chosen"\n'
    )

    assert named_api() == Api(URL, "user:chosen")


def test_password_is_not_shown_with_its_api():
    assert "secret" not in repr(OURS)
