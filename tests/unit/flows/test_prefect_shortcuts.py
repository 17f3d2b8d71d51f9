import ssl
import threading

import certifi
import pytest
from prefect.settings import get_current_settings, temporary_settings

from flows.prefect_shortcuts import (
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
