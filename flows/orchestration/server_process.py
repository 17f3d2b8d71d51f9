"""The process of a Prefect server for one run, on a socket that the run listens at.

It is Prefect's own application, whole. It ends with the run, however that ends:
standard input is a pipe whose other end only the run holds.
"""

import os
import signal
import socket
import sys
import threading

import uvicorn
from prefect.server.api.server import create_app


def serve_one_run(listener: socket.socket) -> None:
    """Serve until the process is asked to stop, or nobody is there to ask it."""
    threading.Thread(target=_end_with_run, name="end-with-run", daemon=True).start()
    config = uvicorn.Config(
        create_app(ephemeral=True), log_level="error", access_log=False
    )
    uvicorn.Server(config).run(sockets=[listener])


def _end_with_run() -> None:
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    serve_one_run(socket.socket(fileno=int(sys.argv[1])))
