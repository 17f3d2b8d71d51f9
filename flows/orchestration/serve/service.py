"""What a service has for itself: its note, its lock, its folder of temporary files.

One service per home of Prefect. The lock ends with the process that holds it, so who
holds it may clear away what an earlier one left.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flows.api_address import (
    SERVED_FROM,
    Api,
    configured,
    home_of,
    is_private,
    prefect_home,
    service_note,
)
from flows.orchestration.protected_server import OWNER_ONLY_UMASK, make_auth_string
from transforms.errors import UsageError
from warehouse.atomic_write import atomic_file

# Whoever looks whether a service runs holds the lock for an instant.
LOCK_SECONDS: Final = 2.0
LOCK_POLL_SECONDS: Final = 0.05
OWNER_ONLY: Final = 0o777 & ~OWNER_ONLY_UMASK
_MOST_NOTE_BYTES: Final = 4096


@dataclass(frozen=True)
class Service:
    """The only service of a home of Prefect.

    Attributes:
        note: A descriptor of its note, locked.
        scratch: Its temporary files; gone when it ends, however it ends.
        auth_string: Of its own server: what the user set, or made once and kept.
    """

    note: int
    scratch: Path
    auth_string: str

    def announce(self, api: Api | None) -> None:
        """Let this user's other commands know of the server that it uses."""
        said = [self.auth_string, api.url if api else ""]
        if api is not None and api.auth_string != self.auth_string:
            said.append(api.auth_string)
        os.ftruncate(self.note, 0)
        os.pwrite(self.note, "".join(f"{line}\n" for line in said).encode(), 0)


@contextmanager
def only_service(warehouse: Path) -> Iterator[Service]:
    """Be the only service of this home of Prefect for the time of the block.

    Args:
        warehouse: That it serves.

    Raises:
        UsageError: Another one runs, or the note is not this user's alone.
    """
    note = _open_note()
    scratch = service_note().with_suffix(".tmp")
    try:
        _lock(note)
        kept = os.pread(note, _MOST_NOTE_BYTES, 0).decode(errors="replace").split("\n")
        chosen = configured("PREFECT_SERVER_API_AUTH_STRING")
        service = Service(note, scratch, chosen or kept[0] or make_auth_string())
        # Where an earlier service listened, somebody else may by now.
        service.announce(None)
        _tell_where(warehouse)
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=OWNER_ONLY, exist_ok=True)
        os.environ["TMPDIR"] = str(scratch)
        try:
            yield service
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    finally:
        os.close(note)


def _tell_where(warehouse: Path) -> None:
    """Let commands find the service that are not told the home that it was given."""
    usual, home = home_of(warehouse), prefect_home().absolute()
    if usual == home:
        return
    with suppress(OSError):  # a user without a home
        usual.mkdir(OWNER_ONLY, parents=True, exist_ok=True)
        with atomic_file(usual / SERVED_FROM) as partial:
            partial.write_text(str(home), encoding="utf-8")


def _open_note() -> int:
    how = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    path = service_note()
    try:
        prefect_home().mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY)
        note = os.open(path, how, 0o600)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}",
            "A service keeps its password there: set PREFECT_HOME to a folder of yours",
        ) from error
    if is_private(note):
        return note
    os.close(note)
    raise UsageError(
        f"{path} is not a file that you alone can read",
        "Remove it: the service makes another one, with a new password",
    )


def _lock(note: int) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise UsageError(
                    f"another service holds {service_note()}",
                    "Stop it, or give this one a PREFECT_HOME of its own",
                ) from error
            time.sleep(LOCK_POLL_SECONDS)
        else:
            return
