"""The process of a Prefect server for one run, on a socket that the run listens at.

It is Prefect's own application, whole. It ends with the run, however that ends:
standard input is a pipe whose other end only the run holds.
"""

import os
import socket
import sys

import uvicorn
from prefect.server.api.server import create_app

from flows.process_end import end_after


def serve_one_run(listener: socket.socket) -> None:
    """Serve until the process is asked to stop, or nobody is there to ask it."""
    end_after(lambda: os.read(0, 1), "end-with-run")
    config = uvicorn.Config(
        create_app(ephemeral=True), log_level="error", access_log=False
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    serve_one_run(socket.socket(fileno=int(sys.argv[1])))
