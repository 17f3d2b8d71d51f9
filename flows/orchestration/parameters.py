"""What a flow may be told through Prefect: typed for its form, checked before use.

Whoever reaches the API can start runs with parameters of their own choosing. So a path
counts only below the folders that the process itself was configured with.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

from prefect.context import FlowRunContext
from pydantic import Field

from flows.settings import Settings, load_settings
from transforms.errors import SettingsError
from warehouse.lake.address import absolute, find_lake

PATH_CHARS: Final = 4096
# Nobody sits before a scheduled run, and a load of a gigabyte takes a minute or two.
WAIT_SECONDS: Final = 300.0
PathText = Annotated[str, Field(max_length=PATH_CHARS)]
Paths = Annotated[
    list[PathText], Field(max_length=1000, examples=[["/srv/news/incoming"]])
]
WorkerCount = Annotated[int, Field(ge=0, le=256)]
# A version is the name of a file, and must stay one.
Version = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", examples=["2"])
]
NO_PATHS: Final[list[str]] = []


@dataclass
class Caller:
    """Who calls a flow in this process: the user, who has settled everything.

    Attributes:
        settings: Of the run, whatever its parameters can say.
        is_server_watched: Whether somebody starts Prefect's server again when it dies.
        outcome: What the run came to, or the error that ended it; known before Prefect
            is told, whose server may be gone.
    """

    settings: Settings
    is_server_watched: bool = True
    outcome: object = None


_CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)


@contextmanager
def called_by(caller: Caller) -> Iterator[None]:
    """Flow runs of the block are this caller's."""
    token = _CALLER.set(caller)
    try:
        yield
    finally:
        _CALLER.reset(token)


def announce(outcome: object) -> None:
    """Tell the caller what the run came to, before Prefect is told."""
    caller = _CALLER.get()
    if caller is not None:
        caller.outcome = outcome


def is_server_watched() -> bool:
    """Whether a Prefect server that died comes back while the run waits."""
    caller = _CALLER.get()
    return caller is None or caller.is_server_watched


def deployment_of_run() -> UUID | None:
    """What deployed the flow run under way, None when a caller in the process did.

    Asked of the run's context: `prefect.runtime.deployment` would ask the server.
    """
    running = FlowRunContext.get()
    assert running is not None
    assert running.flow_run is not None
    return running.flow_run.deployment_id


def is_deployed() -> bool:
    """Whether the run was asked for through Prefect, not by a caller in the process."""
    return deployment_of_run() is not None


def settings_for(
    paths: Sequence[str] = (), warehouse: str = "", workers: int = 0
) -> Settings:
    """Settings of a run: those given, or the configured ones with its parameters.

    Raises:
        SettingsError: A path lies outside the configured folders.
    """
    caller = _CALLER.get()
    if caller is not None:
        return caller.settings
    configured = load_settings()
    require_below(paths, [*configured.seeds, *configured.roots], "paths")
    if warehouse and absolute(Path(warehouse)) != absolute(configured.warehouse):
        if find_lake(Path(warehouse)):
            raise SettingsError("warehouse", "another lake", "the configured one")
        require_below([warehouse], configured.roots, "warehouse")
    return load_settings(
        seeds=tuple(paths) or None,
        warehouse=Path(warehouse) if warehouse else None,
        workers=workers or None,
        lock_timeout_seconds=max(configured.lock_timeout_seconds, WAIT_SECONDS),
    )


def takes_all(settings: Settings) -> bool:
    """Whether a run takes in all that is configured, and not a part of it."""
    configured = load_settings()
    wanted, given = (
        set(map(os.path.realpath, found.seeds)) for found in (configured, settings)
    )
    is_same = absolute(settings.warehouse) == absolute(configured.warehouse)
    return is_same and wanted <= given


def require_below(paths: Iterable[str], roots: Iterable[Path], name: str) -> None:
    """Raise unless every path, its links followed, is a root or lies below one.

    Example:
        >>> require_below(["/srv/in/../../etc/passwd"], [Path("/srv/in")], "paths")
        Traceback (most recent call last):
        transforms.errors.SettingsError: paths: got '/srv/in/../../etc/passwd', \
expected a path below /srv/in (NEWSMILL_ROOTS allows more)
    """
    allowed = [Path(os.path.realpath(root)) for root in roots]
    for path in paths:
        # What the system refuses, such as a NUL byte, is outside too.
        try:
            resolved = Path(os.path.realpath(path))
        except (OSError, ValueError):
            resolved = None
        if resolved is None or not any(map(resolved.is_relative_to, allowed)):
            folders = ", ".join(map(str, allowed)) or "a configured folder"
            raise SettingsError(
                name, repr(path), f"a path below {folders} (NEWSMILL_ROOTS allows more)"
            )
