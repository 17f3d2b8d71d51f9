"""Prefect servers of our own, which answer nobody but their own client and UI.

Prefect's API answers every page of every browser on the machine, and who may ask it may
run programs by it. So each server of ours asks for a password that only its user can
read, knows one origin, its own pages, and wants a token with everything that changes
something; `server_process` refuses foreign names of the host.
"""

import os
import secrets
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from typing import Final

from flows.api_address import (
    LOOPBACK,
    Api,
    configured,
    prefect_home,
    prepared_home,
)
from warehouse.atomic_write import atomic_file

OWN_HOSTS: Final = (LOOPBACK, "localhost")
PASSWORD_BYTES: Final = 24
OWNER_ONLY_UMASK: Final = 0o077
_DATABASES: Final = (
    "PREFECT_API_DATABASE_CONNECTION_URL",
    "PREFECT_SERVER_DATABASE_CONNECTION_URL",
)
# A run names no blocks and shows no pages; a service enters their types.
ONE_RUN_SETTINGS: Final = {
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
}


def make_auth_string() -> str:
    """A name and a password that nobody guesses, in Prefect's form."""
    return f"newsmill:{secrets.token_urlsafe(PASSWORD_BYTES)}"


def api_at(listener: socket.socket, auth_string: str) -> Api:
    """The API of a server that will listen there."""
    return Api(f"http://{LOOPBACK}:{listener.getsockname()[1]}/api", auth_string)


def _take_prepared_database() -> None:
    """Begin a home with the empty database that `make setup` made, if there is one.

    Prefect's own migrations take a quarter of a minute.
    """
    database, prepared = (
        home / "prefect.db" for home in (prefect_home(), prepared_home())
    )
    is_elsewhere = any(map(configured, _DATABASES))
    if is_elsewhere or database.exists() or not prepared.is_file():
        return
    with suppress(OSError, sqlite3.Error), atomic_file(database) as partial:
        with closing(sqlite3.connect(prepared)) as source:
            source.execute("VACUUM INTO ?", [str(partial)])
        partial.chmod(0o600)


def start_server(
    listener: socket.socket, auth_string: str, *, scratch: str = ""
) -> subprocess.Popen[bytes]:
    """Start a protected server; it ends with this process.

    Args:
        listener: Of the loopback interface; stays open for another server.
        auth_string: What it asks for.
        scratch: A folder that it removes when this process is killed. Without one the
            server is for one run: it has neither services nor pages.
    """
    _take_prepared_database()
    port = listener.getsockname()[1]
    origins = [f"http://{host}:{port}" for host in OWN_HOSTS]
    protection = {
        "PREFECT_SERVER_API_HOST": LOOPBACK,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_API_AUTH_STRING": auth_string,
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": ",".join(origins),
    }
    # Pages are copied to where they are served from; an installation may be read-only.
    pages = {"PREFECT_SERVER_UI_STATIC_DIRECTORY": f"{scratch}/ui"}
    module = "flows.orchestration.server_process"
    return subprocess.Popen(
        [sys.executable, "-m", module, str(listener.fileno()), scratch],
        pass_fds=[listener.fileno()],
        env=os.environ | protection | (pages if scratch else ONE_RUN_SETTINGS),
        # Its database holds the secrets that somebody may have entered.
        umask=OWNER_ONLY_UMASK,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A Ctrl-C on the terminal is for the parent, which then stops its server.
        start_new_session=True,
    )
