"""The process of a Prefect server: for one run, or for a service with its UI.

It is Prefect's own application, whole, on a socket that its parent listens at, and it
answers only to the names of this machine's own loopback interface: a page that lets its
name point here, to be taken for the UI by a browser, gets nothing. It ends with its
parent, however that ends: standard input is a pipe whose other end only the parent
holds.
"""

import os
import shutil
import socket
import sys

import uvicorn
from prefect.server.api.server import create_app
from starlette.middleware.trustedhost import TrustedHostMiddleware

from flows.orchestration.protected_server import OWN_HOSTS
from flows.process_end import end_after

# Pages left open in a browser hold connections; nobody is there to wait for them.
CLOSE_SECONDS = 3


def serve_parent(listener: socket.socket, scratch: str) -> None:
    """Serve until the process is asked to stop, or nobody is there to ask it.

    Args:
        listener: Of the parent, which may start another server there.
        scratch: A folder of the parent, removed when that was killed; empty for one run
            without services and pages.
    """

    def wait_for_parent() -> None:
        os.read(0, 1)
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)

    end_after(wait_for_parent, "end-with-parent")
    app = TrustedHostMiddleware(
        create_app(ephemeral=not scratch),
        allowed_hosts=OWN_HOSTS,
        www_redirect=False,
    )
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=CLOSE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    serve_parent(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
