"""Where a run is recorded: a Prefect server that is there, or one of our own.

The own server is a process on loopback over the user's Prefect database. It is started
as soon as what it has in common with the run is imported, so that it comes up beside
the rest, and stopped only after the client's event and log queues are empty: stopped
earlier, the client retries each event for seconds (measured: minutes for a small run).
"""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Final

from flows.api_address import (
    LOOPBACK,
    configured_api_url,
    is_healthy,
    local_api_url,
    set_quiet_defaults,
)
from flows.orchestration.server.server_process import ServerProcess, start_server
from flows.process_end import ON_FORCED_END, are_farewells_skipped, raise_if_stopped
from transforms.errors import NewsmillError, UsageError

STOP_GRACE_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.05

# Great Expectations needs the last three as well.
NEEDED_BY_BOTH: Final = (
    "prefect.flows",
    "fastapi.encoders",
    "pydantic.v1",
    "jinja2",
    "sqlalchemy.orm",
)


@contextmanager
def prefect_api(
    *, timeout_seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> Iterator[str]:
    """Name a Prefect API for the block, starting a server of our own if none is there.

    Args:
        timeout_seconds: Bound for the own server's start.
        meanwhile: Done while the own server starts, if there is none.

    Yields:
        The API's URL, also set as PREFECT_API_URL.

    Raises:
        UsageError: A configured API does not answer, or the own one does not start.
    """
    set_quiet_defaults()
    # The run says on the terminal what it did; its log is in the UI.
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    named = configured_api_url()
    if named and not is_healthy(named, timeout_seconds=5.0):
        raise UsageError(
            f"the Prefect API {named} does not answer",
            "Start it, unset PREFECT_API_URL, or run with --direct",
        )
    url = named or (local_api_url() if is_healthy(local_api_url()) else None)
    if url:
        os.environ["PREFECT_API_URL"] = url
        meanwhile()
        yield url
        return
    with own_server(timeout_seconds=timeout_seconds, meanwhile=meanwhile) as own_url:
        yield own_url


@contextmanager
def own_server(
    *, timeout_seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> Iterator[str]:
    """A server for the block only, on a free port of the loopback interface.

    Args:
        timeout_seconds: Bound for its start.
        meanwhile: Done while it starts, after the import of Prefect.
    """
    import_what_both_need()
    with socket.create_server((LOOPBACK, 0), backlog=128) as listener:
        port = int(listener.getsockname()[1])
        server = start_server(listener)
    url = f"http://{LOOPBACK}:{port}/api"
    ON_FORCED_END.append(server.kill)
    try:
        with _named_for_all(url):
            meanwhile()
            wait_until_healthy(server, url, timeout_seconds)
            try:
                yield url
            except NewsmillError:
                drain_queues()
                raise
            if not are_farewells_skipped():
                drain_queues()
    finally:
        stop_server(server)
        ON_FORCED_END.remove(server.kill)


def import_what_both_need() -> None:
    """Import, before a server is forked off, what it and the run have in common."""
    for name in NEEDED_BY_BOTH:
        import_module(name)


@contextmanager
def _named_for_all(url: str) -> Iterator[None]:
    """Let this process, its threads, and those it starts find the server."""
    from prefect.settings import get_current_settings

    from flows.orchestration.server.prefect_internals import settings_for_all

    previous = os.environ.get("PREFECT_API_URL")
    os.environ["PREFECT_API_URL"] = url
    try:
        # It is of this very release, and its settings are those of this process.
        is_guarded = get_current_settings().server.api.csrf_protection_enabled
        with settings_for_all(
            {
                "api.url": url,
                "client.csrf_support_enabled": is_guarded,
                "client.server_version_check_enabled": False,
            }
        ):
            yield
    finally:
        del os.environ["PREFECT_API_URL"]
        if previous is not None:
            os.environ["PREFECT_API_URL"] = previous


def wait_until_healthy(server: ServerProcess, url: str, timeout_seconds: float) -> None:
    """Wait until the process answers, or raise UsageError when it ends or is late."""
    deadline = time.monotonic() + timeout_seconds
    while not is_healthy(url, timeout_seconds=1.0):
        raise_if_stopped()
        if server.poll() is not None or time.monotonic() > deadline:
            raise UsageError(
                f"the Prefect server at {url} did not start",
                "Is the port free? `prefect server start` shows why; "
                "`newsmill run --direct` does without",
            )
        time.sleep(POLL_SECONDS)


def drain_queues(*, timeout_seconds: float = STOP_GRACE_SECONDS) -> None:
    """Send what the client still holds, for at most this long."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=timeout_seconds, at_exit=False)


def stop_server(server: ServerProcess) -> None:
    """Ask a server process to end, and end it when it does not."""
    server.terminate()
    try:
        server.wait(STOP_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
