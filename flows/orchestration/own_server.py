"""Where a run is recorded: the user's Prefect server, his service's, or one of our own.

The own server is a process on loopback over the user's Prefect database. It is started
before Prefect is imported here, so that it comes up beside that, and stopped only after
the client's event and log queues are empty: stopped earlier, the client would try each
event again for seconds.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import httpx

from flows.api_address import (
    LOOPBACK,
    Api,
    is_healthy,
    make_prefect_home,
    named_api,
    service_api,
    set_quiet_defaults,
    why_unusable,
)
from flows.orchestration.protected_server import (
    api_at,
    make_auth_string,
    start_server,
)
from flows.orchestration.supervised_server import SupervisedServer
from flows.process_end import skip_exit_handlers
from transforms.errors import UsageError

DRAIN_SECONDS: Final = 30.0
# Longer than Prefect's recorder of task runs keeps what it has heard, which is 5 s.
STORED_WITHIN_SECONDS: Final = 7.0
RECORDED_POLL_SECONDS: Final = 0.5
_CLIENT_VARIABLES: Final = ("PREFECT_API_URL", "PREFECT_API_AUTH_STRING")
# A server of somebody else that went away is tried for a quarter of a minute per call,
# not for more than one: nobody starts it again for this run.
LOST_SERVER_SETTINGS: Final = {
    "PREFECT_CLIENT_MAX_RETRIES": "2",
    "PREFECT_API_REQUEST_TIMEOUT": "15",
}


@contextmanager
def prefect_api(*, timeout_seconds: float) -> Iterator[SupervisedServer | None]:
    """Name a Prefect API for the block: the user's, his service's, or one of our own.

    To be entered before anything imports Prefect, which reads its settings then.

    Args:
        timeout_seconds: Bound for the own server's start.

    Yields:
        The own server, to be waited for; None when one is there. Its URL is in
        PREFECT_API_URL, its password in PREFECT_API_AUTH_STRING.

    Raises:
        UsageError: A named API does not answer, or the own one does not start.
    """
    set_quiet_defaults()
    make_prefect_home()
    # The run says on the terminal what it did; its log is in the UI.
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    api = _api_that_is_there()
    if api is None:
        with own_server(timeout_seconds=timeout_seconds) as server:
            yield server
        return
    api.use()
    for name, value in LOST_SERVER_SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        yield None
    finally:
        if not is_healthy(api.url):
            skip_exit_handlers(
                "Prefect's server does not answer any more; if this run published, it "
                "is in dim_run, whatever the UI shows"
            )


def _api_that_is_there() -> Api | None:
    """The API that the user named, or that of his service when it is well."""
    named = named_api()
    if named is None:
        service = service_api()
        is_well = service and not why_unusable(service)
        return service if is_well else None
    why = why_unusable(named)
    if why:
        raise UsageError(
            f"the Prefect API {named.url} {why}",
            "Start it, unset PREFECT_API_URL, set PREFECT_API_AUTH_STRING to its "
            "password, or run with --direct",
        )
    return named


@contextmanager
def own_server(*, timeout_seconds: float) -> Iterator[SupervisedServer]:
    """A server for the block only, on a free port of the loopback interface.

    Args:
        timeout_seconds: Bound for its start.

    Yields:
        It is on its way, and to be waited for.
    """
    previous = {name: os.environ.pop(name, None) for name in _CLIENT_VARIABLES}
    with socket.create_server((LOOPBACK, 0), backlog=128) as listener:
        api = api_at(listener, make_auth_string())
        api.use()
        with SupervisedServer(
            lambda: start_server(listener, api.auth_string), api.url, timeout_seconds
        ) as server:
            try:
                yield server
            finally:
                if server.is_answering:
                    drain_queues()
                    if server.was_restarted:
                        wait_until_recorded()
                for name, value in previous.items():
                    del os.environ[name]
                    if value is not None:
                        os.environ[name] = value


def wait_until_recorded() -> None:
    """Wait until the server stores nothing more of what it was told.

    It stores what it has heard every few seconds, and at its end, but not what it still
    hears then: after a restart that is all that was held back for it.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.sorting import TaskRunSort

    newest = TaskRunSort.EXPECTED_START_TIME_DESC
    deadline = time.monotonic() + DRAIN_SECONDS
    seen: set[object] = set()
    with suppress(httpx.HTTPError), get_client(sync_client=True) as client:
        since = time.monotonic()
        while since + STORED_WITHIN_SECONDS > time.monotonic() < deadline:
            found: set[object] = {
                (run.id, run.state_type) for run in client.read_task_runs(sort=newest)
            }
            if found != seen:
                seen, since = found, time.monotonic()
            time.sleep(RECORDED_POLL_SECONDS)


def drain_queues() -> None:
    """Send what the client still holds, for at most `DRAIN_SECONDS` per queue."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=DRAIN_SECONDS, at_exit=False)
