import sqlite3
import ssl
import threading
from contextlib import closing
from pathlib import Path

import certifi
import prefect.server.database
import pytest
from alembic.script import ScriptDirectory
from prefect.settings import get_current_settings, temporary_settings
from pydantic import SecretStr

from flows.orchestration.server.lean_server import NEWEST_REVISION, lean_settings
from flows.orchestration.server.prefect_internals import (
    certificates_read_once,
    changed_settings,
    settings_for_all,
)

CHANGES = {"client.max_retries": 1, "flows.heartbeat_frequency": None}


def test_changed_settings_are_those_that_prefect_makes():
    with temporary_settings(CHANGES):
        slowly = get_current_settings()
    before = get_current_settings()

    with changed_settings(CHANGES):
        quickly = get_current_settings()

    assert quickly.model_dump() == slowly.model_dump()
    assert quickly.model_dump() != before.model_dump()
    assert get_current_settings() == before


def test_settings_for_all_reach_other_threads_below_their_own_changes():
    seen = []

    def look():
        with changed_settings({"client.max_retries": 3}):
            settings = get_current_settings()
        seen.append((settings.api.url, settings.client.max_retries))

    with settings_for_all({"api.url": "http://127.0.0.1:9/api"}):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert seen == [("http://127.0.0.1:9/api", 3)]
    assert get_current_settings().api.url != seen[0][0]


def test_setting_that_prefect_does_not_have_is_refused():
    with pytest.raises(AssertionError), changed_settings({"client.no_such": 1}):
        pass


def test_certificates_are_shared_by_file_alone():
    with certificates_read_once():
        of_file = ssl.create_default_context(cafile=certifi.where())

        assert ssl.create_default_context(cafile=certifi.where()) is of_file
        assert ssl.create_default_context() is not ssl.create_default_context()
    assert of_file.verify_mode is ssl.CERT_REQUIRED
    assert ssl.create_default_context(cafile=certifi.where()) is not of_file


def test_newest_revision_is_that_of_prefect():
    folder = Path(prefect.server.database.__file__).parent / "_migrations"
    versions = str(folder / "versions" / "sqlite")

    scripts = ScriptDirectory(str(folder), version_locations=[versions])

    assert scripts.get_heads() == [NEWEST_REVISION]


@pytest.mark.parametrize(
    ("revision", "is_migrated"),
    [(NEWEST_REVISION, False), ("0f27d462bf6d", True), (None, True)],
    ids=["newest", "older", "empty"],
)
def test_database_is_migrated_unless_it_is_the_newest(tmp_path, revision, is_migrated):
    path = tmp_path / "prefect.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE alembic_version (version_num)")
        if revision:
            database.execute("INSERT INTO alembic_version VALUES (?)", [revision])
        database.commit()
    address = f"sqlite+aiosqlite:///{path}"

    with (
        changed_settings({"server.database.connection_url": SecretStr(address)}),
        lean_settings(),
    ):
        server = get_current_settings().server

    assert server.database.migrate_on_start is is_migrated
    assert server.services.db_vacuum.enabled_vacuum_types == set()


def test_database_that_is_not_there_is_migrated(tmp_path):
    address = f"sqlite+aiosqlite:///{tmp_path}/new.db"

    with (
        changed_settings({"server.database.connection_url": SecretStr(address)}),
        lean_settings(),
    ):
        assert get_current_settings().server.database.migrate_on_start
