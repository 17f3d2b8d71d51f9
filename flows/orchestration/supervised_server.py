"""A Prefect server of our own that is started again when it dies."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from flows.api_address import is_healthy
from flows.process_end import raise_if_stopped
from transforms.errors import UsageError

FIRST_RESTART_SECONDS: Final = 1.0
LONGEST_RESTART_SECONDS: Final = 60.0
STOP_GRACE_SECONDS: Final = 10.0
HEALTH_POLL_SECONDS: Final = 0.05


class SupervisedServer:
    """A server process for the block, watched by a thread.

    A run that is under way finds the new server at the old address, and loses nothing:
    its client tries for a minute.

    Args:
        start: Starts the process; again at the same address.
        url: Of the API, on loopback.
        timeout_seconds: Bound for each start.

    Attributes:
        was_restarted: Whether it has died and was started again.
    """

    def __init__(
        self,
        start: Callable[[], subprocess.Popen[bytes]],
        url: str,
        timeout_seconds: float,
    ) -> None:
        self._start, self._url, self._timeout_seconds = start, url, timeout_seconds
        self._is_over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._server = start()
        self.was_restarted = False

    def __enter__(self) -> Self:
        """The server is on its way; `wait` until it answers."""
        return self

    @property
    def is_answering(self) -> bool:
        """Whether it has answered, and runs."""
        return self._watcher.is_alive() and self._server.poll() is None

    def wait(self) -> None:
        """Wait until the server answers; from then on it is watched.

        Raises:
            UsageError: It ends, or is late.
        """
        wait_until_healthy(self._server, self._url, self._timeout_seconds)
        self._watcher.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server, and nothing starts it again."""
        self._is_over.set()
        stop_server(self._server)
        if self._watcher.is_alive():
            self._watcher.join(self._timeout_seconds)

    def _watch(self) -> None:
        pause = FIRST_RESTART_SECONDS
        while not self._is_over.is_set():
            code = self._server.wait()
            if self._is_over.wait(pause):
                return
            _say(f"Prefect's server ended with code {code}; starting it again")
            self._server = self._start()
            self.was_restarted = True
            try:
                wait_until_healthy(self._server, self._url, self._timeout_seconds)
                pause = FIRST_RESTART_SECONDS
            except UsageError as error:
                _say(str(error))
                stop_server(self._server)
                pause = min(2 * pause, LONGEST_RESTART_SECONDS)
        stop_server(self._server)


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
        time.sleep(HEALTH_POLL_SECONDS)


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


def _say(message: str) -> None:
    print(f"newsmill: {message}", file=sys.stderr, flush=True)  # noqa: T201
