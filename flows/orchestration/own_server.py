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
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from flows.api_address import (
    LOOPBACK,
    configured_api_url,
    is_healthy,
    local_api_url,
    set_quiet_defaults,
)
from flows.process_end import raise_if_stopped
from transforms.errors import UsageError

STOP_GRACE_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.05
# A run names no blocks, and whoever serves the UI enters their types.
ONE_RUN_SETTINGS: Final = {"PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false"}


@contextmanager
def prefect_api(*, timeout_seconds: float) -> Iterator[Callable[[], None]]:
    """Name a Prefect API for the block, starting a server of our own if none is there.

    To be entered before anything imports Prefect, which reads its settings then.

    Args:
        timeout_seconds: Bound for the own server's start.

    Yields:
        Waits until the API answers, whose URL is PREFECT_API_URL.

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
        yield lambda: None
        return
    with own_server(timeout_seconds=timeout_seconds) as wait:
        yield wait


@contextmanager
def own_server(*, timeout_seconds: float) -> Iterator[Callable[[], None]]:
    """A server for the block only, on a free port of the loopback interface.

    Args:
        timeout_seconds: Bound for its start.

    Yields:
        Waits until it answers.
    """
    with socket.create_server((LOOPBACK, 0), backlog=128) as listener:
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}/api"
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "flows.orchestration.server_process",
                str(listener.fileno()),
            ],
            pass_fds=[listener.fileno()],
            env=os.environ | ONE_RUN_SETTINGS,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # A Ctrl-C on the terminal is for the run, which then stops its server.
            start_new_session=True,
        )
    previous = os.environ.get("PREFECT_API_URL")
    os.environ["PREFECT_API_URL"] = url
    try:
        yield partial(wait_until_healthy, server, url, timeout_seconds)
        drain_queues()
    finally:
        stop_server(server)
        del os.environ["PREFECT_API_URL"]
        if previous is not None:
            os.environ["PREFECT_API_URL"] = previous


def wait_until_healthy(
    server: subprocess.Popen[bytes], url: str, timeout_seconds: float
) -> None:
    """Wait until the process answers.

    Raises:
        UsageError: It ends, or is late.
    """
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


def stop_server(server: subprocess.Popen[bytes]) -> None:
    """Ask a server process to end, and end it when it does not."""
    server.terminate()
    try:
        server.wait(STOP_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    if server.stdin is not None:
        server.stdin.close()
