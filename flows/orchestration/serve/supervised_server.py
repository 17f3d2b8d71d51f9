"""A Prefect server of our own that is started again when it dies."""

import subprocess
import sys
import threading
from types import TracebackType
from typing import Final, Self

from flows.orchestration.own_server import stop_server, wait_until_healthy
from transforms.errors import UsageError

FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 60.0


class KeptServer:
    """A server process for the block, watched by a thread.

    A run that is under way finds the new server at the old address: its client tries
    for a minute.

    Args:
        url: Of the API, on loopback; the environment names host and port.
        timeout_seconds: Bound for each start.
    """

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self._url, self._timeout_seconds = url, timeout_seconds
        self._is_over = threading.Event()
        self._server = self._start()
        self._watcher = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Self:
        """Start to watch; the server answers already."""
        self._watcher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server, and nothing starts it again."""
        self._is_over.set()
        stop_server(self._server)
        self._watcher.join(self._timeout_seconds)

    def _start(self) -> subprocess.Popen[bytes]:
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_until_healthy(server, self._url, self._timeout_seconds)
        except BaseException:
            stop_server(server)
            raise
        return server

    def _keep(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._is_over.is_set():
            code = self._server.wait()
            if self._is_over.wait(pause):
                return
            _say(f"Prefect's server ended with code {code}; starting it again")
            try:
                self._server = self._start()
                pause = FIRST_PAUSE_SECONDS
                if self._is_over.is_set():
                    stop_server(self._server)
            except UsageError as error:
                _say(str(error))
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def _say(message: str) -> None:
    print(f"newsmill: {message}", file=sys.stderr, flush=True)  # noqa: T201
