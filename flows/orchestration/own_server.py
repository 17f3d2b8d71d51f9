"""Where a run is recorded: a Prefect server that is there, or one of our own.

The own server is a process on loopback over the user's Prefect database. It is started
before Prefect is imported here, so that it comes up beside that, and stopped only after
the client's event and log queues are empty: stopped earlier, the client would try each
event again for seconds.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flows.api_address import (
    LOOPBACK,
    configured_api_url,
    is_healthy,
    local_api_url,
    set_quiet_defaults,
)
from flows.orchestration.supervised_server import SupervisedServer
from flows.process_end import skip_exit_handlers
from transforms.errors import UsageError

DRAIN_SECONDS: Final = 10.0
# A run names no blocks and shows no pages; a service enters their types.
ONE_RUN_SETTINGS: Final = {
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
}
# A server of somebody else that went away is tried for a quarter of a minute per call,
# not for more than one: nobody starts it again for this run.
LOST_SERVER_SETTINGS: Final = {
    "PREFECT_CLIENT_MAX_RETRIES": "2",
    "PREFECT_API_REQUEST_TIMEOUT": "15",
}


@contextmanager
def prefect_api(*, timeout_seconds: float) -> Iterator[SupervisedServer | None]:
    """Name a Prefect API for the block, starting a server of our own if none is there.

    To be entered before anything imports Prefect, which reads its settings then.

    Args:
        timeout_seconds: Bound for the own server's start.

    Yields:
        The own server, to be waited for; None when one is there. Its URL is in
        PREFECT_API_URL.

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
    if url is None:
        with own_server(timeout_seconds=timeout_seconds) as server:
            yield server
        return
    os.environ["PREFECT_API_URL"] = url
    for name, value in LOST_SERVER_SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        yield None
    finally:
        if not is_healthy(url):
            skip_exit_handlers(
                "Prefect's server does not answer any more; if this run published, it "
                "is in dim_run, whatever the UI shows"
            )


@contextmanager
def own_server(*, timeout_seconds: float) -> Iterator[SupervisedServer]:
    """A server for the block only, on a free port of the loopback interface.

    Args:
        timeout_seconds: Bound for its start.

    Yields:
        It is on its way, and to be waited for.
    """
    previous = os.environ.get("PREFECT_API_URL")
    with socket.create_server((LOOPBACK, 0), backlog=128) as listener:
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}/api"
        os.environ["PREFECT_API_URL"] = url
        with SupervisedServer(
            lambda: _start_server(listener), url, timeout_seconds
        ) as server:
            try:
                yield server
            finally:
                if server.is_answering:
                    drain_queues()
                del os.environ["PREFECT_API_URL"]
                if previous is not None:
                    os.environ["PREFECT_API_URL"] = previous


def _start_server(listener: socket.socket) -> subprocess.Popen[bytes]:
    descriptor = str(listener.fileno())
    return subprocess.Popen(
        [sys.executable, "-m", "flows.orchestration.server_process", descriptor],
        pass_fds=[listener.fileno()],
        env=os.environ | ONE_RUN_SETTINGS,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A Ctrl-C on the terminal is for the run, which then stops its server.
        start_new_session=True,
    )


def drain_queues() -> None:
    """Send what the client still holds, for at most `DRAIN_SECONDS` per queue."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=DRAIN_SECONDS, at_exit=False)
