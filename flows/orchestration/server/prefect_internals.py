"""What Prefect's client works out again and again, worked out once.

A setting changed in Prefect's own way reads all sources of all settings again, and
every client reads the certificates of the world, though it talks to this machine: a
fifth of a second for each setting, and a fiftieth for each client. This leans on
private parts of one release, which the lock pins; tests compare the results.
"""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import prefect.context
from prefect.context import FlowRunContext, SettingsContext, get_settings_context
from pydantic import BaseModel

from transforms.runtime.replaced_attribute import replaced


@contextmanager
def changed_settings(changes: Mapping[str, object]) -> Iterator[None]:
    """Change some of Prefect's settings for what this thread does in a block.

    Args:
        changes: From names such as `client.max_retries` to values of their types,
            which are not checked.
    """
    with _with_changes(changes):
        yield


@contextmanager
def settings_for_all(changes: Mapping[str, object]) -> Iterator[None]:
    """Change some of Prefect's settings for all threads, for the time of a block.

    Args:
        changes: As of `changed_settings`, which stays on top of them.
    """
    with replaced(prefect.context, "GLOBAL_SETTINGS_CONTEXT", _with_changes(changes)):
        yield


def _with_changes(changes: Mapping[str, object]) -> SettingsContext:
    before = get_settings_context()
    settings = before.settings
    for name, value in changes.items():
        settings = _changed(settings, name.split("."), value)
    return SettingsContext(profile=before.profile, settings=settings)


def _changed(settings: Any, names: Sequence[str], value: object) -> Any:  # noqa: ANN401
    name, *below = names
    assert isinstance(settings, BaseModel)
    if below:
        value = _changed(getattr(settings, name), below, value)
    assert name in type(settings).model_fields
    return settings.model_copy(update={name: value})


@contextmanager
def certificates_read_once() -> Iterator[None]:
    """Let all clients that trust the same file share what it says."""
    made: dict[str, ssl.SSLContext] = {}
    make = ssl.create_default_context

    def share(
        purpose: ssl.Purpose = ssl.Purpose.SERVER_AUTH,
        **named: Any,  # noqa: ANN401
    ) -> ssl.SSLContext:
        # What is made without a file is changed by its maker: it gets one of its own.
        is_shared = set(named) == {"cafile"} and purpose is ssl.Purpose.SERVER_AUTH
        if not is_shared:
            return make(purpose, **named)
        file = str(named["cafile"])
        if file not in made:
            made[file] = make(purpose, cafile=file)
        return made[file]

    with replaced(ssl, "create_default_context", share):
        yield


def deployment_of_run() -> Any:  # noqa: ANN401 - a UUID, or None
    """What deployed the flow run under way, None when a caller in the process did.

    `prefect.runtime.deployment` asks the server each time when there is none.
    """
    running = FlowRunContext.get()
    assert running is not None
    assert running.flow_run is not None
    return running.flow_run.deployment_id
