"""What a run needs of its machine: settled by every command, looked at before a run.

What is wanting would otherwise end a run minutes later, in the words of some library.
"""

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from flows.api_address import LOOPBACK, named_api, prefect_home, service_api
from flows.settings import Settings
from transforms.errors import NewsmillError, OutOfSpaceError, UsageError
from warehouse.atomic_write import NO_SPACE_ERRNOS

# Newsmill is no older than this, so a clock that shows less is wrong.
FIRST_YEAR: Final = 2026
# A database of Prefect's and its log take up five megabytes when they are new.
PREFECT_BYTES: Final = 16 << 20
PREFECT_HOME: Final = "Prefect's home"
# As Debian calls it.
NO_HOME: Final = "/nonexistent"
_KERNELS: Final = "NUMBA_CACHE_DIR"
_ONLY_OWNER: Final = 0o700


def settle_surroundings() -> None:
    """Settle by variables, for child processes too, what nobody has said.

    Loopback is reached without a proxy, compiled kernels get a folder, and who is in no
    list of users a home, for which libraries ask. To be called before Numba is
    imported, which looks for its folder then.
    """
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = NO_HOME
    for name in ("no_proxy", "NO_PROXY"):
        hosts = os.environ.get(name, "").split(",")
        hosts += [host for host in (LOOPBACK, "localhost") if host not in hosts]
        os.environ[name] = ",".join(filter(None, hosts))
    if _KERNELS not in os.environ and not os.access(_beside_sources(), os.W_OK):
        chosen = next(filter(_is_ours, _kernel_folders()), None)
        if chosen is not None:
            os.environ[_KERNELS] = str(chosen)


def kernel_folder() -> Path:
    """Where compiled kernels are kept: named, or below the sources themselves."""
    named = os.environ.get(_KERNELS)
    return Path(named) if named else Path(str(files("transforms")))


def require_surroundings(settings: Settings, *, is_recorded: bool) -> None:
    """Raise when something is not there that a run needs.

    Args:
        settings: Of the run.
        is_recorded: By a Prefect server of its own.

    Raises:
        UsageError: Says what is wrong, and what to do.
        OutOfSpaceError: A place is full.
    """
    for name, look in _looks(settings):
        if is_recorded or name != PREFECT_HOME:
            look()


def look_around(settings: Settings) -> Iterator[tuple[str, str | NewsmillError]]:
    """What a run needs, by name, and what was found or why it cannot be used."""
    for name, look in _looks(settings):
        try:
            yield name, look()
        except NewsmillError as error:
            yield name, error


def _looks(settings: Settings) -> list[tuple[str, Callable[[], str]]]:
    return [
        ("clock", lambda: check_clock(datetime.now(UTC))),
        ("compiled kernels", _check_kernel_folder),
        ("worker processes", lambda: _check_semaphores(settings.worker_count)),
        (PREFECT_HOME, _check_prefect_home),
    ]


def check_clock(now: datetime) -> str:
    """The time, unless it is impossible: dates of articles are guessed from it.

    Raises:
        UsageError: It is before the first year of Newsmill.
    """
    if now.year < FIRST_YEAR:
        raise UsageError(
            f"the clock of this machine says {now:%Y-%m-%d}, expected {FIRST_YEAR} or "
            "later; dates of articles would be wrong for good",
            "Set the clock",
        )
    return f"{now:%Y-%m-%d %H:%M} UTC"


def _beside_sources() -> Path:
    folder = Path(str(files("transforms.text")))
    compiled = folder / "__pycache__"
    return compiled if compiled.exists() else folder


def _kernel_folders() -> Iterator[Path]:
    """Where kernels may be kept when their sources cannot be written to."""
    cache = os.environ.get("XDG_CACHE_HOME")
    yield Path(cache or Path.home() / ".cache", "numba")
    for given in ("CACHE_DIRECTORY", "STATE_DIRECTORY"):  # by systemd
        if os.environ.get(given):
            yield Path(os.environ[given].partition(":")[0], "kernels")
    # Python's own answer is not asked for: it would be kept, and a service names
    # another folder for what is temporary.
    temporary = os.environ.get("TMPDIR", "/tmp")  # noqa: S108  see `_is_ours`
    yield Path(temporary, f"newsmill-kernels-{os.geteuid()}")


def _is_ours(folder: Path) -> bool:
    """Whether a folder can be written to by us alone: what is in it is run."""
    try:
        folder.mkdir(_ONLY_OWNER, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    is_private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o022
    return is_private and found.st_uid == os.geteuid() and os.access(folder, os.W_OK)


def _check_kernel_folder() -> str:
    folder = kernel_folder()
    _require_writable(
        folder if _KERNELS in os.environ else _beside_sources(),
        "compiled kernels",
        f"Let {_KERNELS} name a folder of yours",
    )
    return str(folder)


def _check_semaphores(workers: int) -> str:
    """Processes of a pool share semaphores, which lie in /dev/shm."""
    if workers == 1:
        return "none, all is done by one process"
    from multiprocessing import Semaphore

    step = "Mount /dev/shm for all to write, or run with --workers 1"
    try:
        Semaphore()
    except OSError as error:
        if error.errno in NO_SPACE_ERRNOS:
            raise OutOfSpaceError("shared memory", f"{error}. {step}") from error
        raise UsageError(
            f"worker processes cannot share semaphores: {error}", step
        ) from error
    return f"{workers} can be started"


def _check_prefect_home() -> str:
    if named_api() or service_api():
        return "not needed, a server runs already"
    step = "Let PREFECT_HOME name a folder of yours, or run with --direct"
    home = prefect_home()
    _require_writable(home, "Prefect's database", step, PREFECT_BYTES)
    return str(home)


def _require_writable(folder: Path, what: str, step: str, room: int = 1) -> None:
    """Raise unless so many bytes can be written to a folder, or where it will be."""
    place = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            os.posix_fallocate(file.fileno(), 0, room)
    except OSError as error:
        if error.errno in NO_SPACE_ERRNOS:
            raise OutOfSpaceError(
                "disk space", f"{folder} has no {room >> 20} MiB for {what}"
            ) from error
        raise UsageError(
            f"{folder} cannot be written, and {what} must lie there: {error.strerror}",
            step,
        ) from error
