"""The process of a Prefect server for one run, on a socket that the run listens at.

Where it can, the run makes this process by a fork, after it has imported what server
and client have in common: a second of imports is then paid once. A fork is safe only
while there is one thread; else `python -m` this module does the same from the
start. Either way the process ends with the run, however that ends: standard input is a
pipe whose other end only the run holds.
"""

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from flows.settings import GARBAGE_THRESHOLD

FAREWELL_SECONDS: Final = 10.0
_THREADS: Final = Path("/proc/self/task")


class ServerProcess(Protocol):
    """What both ways to start a server have in common; as `subprocess.Popen`."""

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        ...

    def terminate(self) -> None:
        """Ask it to end."""
        ...

    def kill(self) -> None:
        """End it."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, or raise `subprocess.TimeoutExpired`."""
        ...


class _Started(subprocess.Popen[bytes]):
    def wait(self, timeout: float | None = None) -> int:
        code = super().wait(timeout)
        assert self.stdin is not None
        self.stdin.close()
        return code


class _Forked:
    def __init__(self, process: ForkProcess, lifeline: BinaryIO) -> None:
        self._process, self._lifeline = process, lifeline

    def poll(self) -> int | None:
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("server", timeout or 0.0)
        self._lifeline.close()
        return self._process.exitcode


def start_server(listener: socket.socket) -> ServerProcess:
    """Start a server on a socket that listens, in a process of its own.

    Args:
        listener: Of the loopback interface; the caller closes its own copy.
    """
    if can_fork():
        return _fork(listener)
    return _Started(
        [sys.executable, "-m", __name__, str(listener.fileno())],
        pass_fds=[listener.fileno()],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A Ctrl-C on the terminal is for the run, which then stops its server.
        start_new_session=True,
    )


def can_fork() -> bool:
    """Whether this process has one thread, those of compiled code included."""
    try:
        return len(list(_THREADS.iterdir())) == 1
    except OSError:
        return False


def _fork(listener: socket.socket) -> ServerProcess:
    other_end, lifeline = os.pipe()
    process = get_context("fork").Process(
        target=_begin, args=(listener, other_end, lifeline), name="prefect-server"
    )
    # Neither process ever looks again at what is there already.
    gc.freeze()
    process.start()
    os.close(other_end)
    return _Forked(process, open(lifeline, "wb"))  # noqa: PTH123 - a descriptor


def _begin(listener: socket.socket, other_end: int, lifeline: int) -> None:
    """In the child of a fork: be what a process started anew would be."""
    os.setsid()
    os.close(lifeline)
    os.dup2(other_end, 0)
    os.close(other_end)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    serve(listener)


def serve(listener: socket.socket) -> None:
    """Serve until the process is asked to stop, or nobody is there to ask it."""
    os.environ["PREFECT__SERVER_EPHEMERAL"] = "1"
    from flows.orchestration.server.lean_server import lean_app, lean_settings

    _end_with(lambda: os.read(0, 1))
    with lean_settings():
        import uvicorn

        config = uvicorn.Config(
            lean_app, factory=True, log_level="error", access_log=False
        )
        uvicorn.Server(config).run(sockets=[listener])


def _end_with(wait: Callable[[], object]) -> None:
    """Stop as if asked to, once something has been waited for."""

    def watch() -> None:
        wait()
        os.kill(os.getpid(), signal.SIGTERM)
        late = threading.Timer(FAREWELL_SECONDS, os._exit, (1,))
        late.daemon = True
        late.start()

    threading.Thread(target=watch, name="end-with-run", daemon=True).start()


def main(descriptor: int) -> None:
    """Serve on a socket that was handed down."""
    gc.set_threshold(GARBAGE_THRESHOLD, 50, 50)
    serve(socket.socket(fileno=descriptor))


if __name__ == "__main__":
    main(int(sys.argv[1]))
