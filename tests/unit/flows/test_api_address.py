"""Which server is a service's of this user: what holds the lock of the note says so."""

import fcntl
import os
from contextlib import contextmanager

import pytest

from flows.api_address import Api, named_api, service_api, service_note

URL = "http://127.0.0.1:4200/api"
OURS = Api(URL, "newsmill:secret")


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
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
