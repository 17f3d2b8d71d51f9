"""Batches on a Dask cluster: local worker processes, or the machines of a scheduler.

Tasks get a batch by reference, the paths and hashes of its files, and give back where
its part lies; texts never pass through the scheduler. A batch that a dead worker had is
given to another one by Dask; what a dead scheduler forgot is submitted again, and a
part that is there already is not made twice.
"""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib.util import find_spec
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar
from urllib.parse import urlsplit

from flows.api_address import LOOPBACK
from flows.runners.direct import DirectRunner
from flows.runners.pool import Submit
from flows.settings import Settings
from transforms.errors import NewsmillError, UsageError

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Item = TypeVar("Item")

_PACKAGES: Final = ("distributed", "prefect_dask")
# How long a scheduler may take to answer at first, and to come back.
ANSWER_SECONDS: Final = 15.0
SCHEDULER_ABSENCE_SECONDS: Final = 300.0
# Waits before a lost batch is submitted again; after the last one the run fails.
PAUSES_SECONDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
# Enough to keep a cluster busy, few enough for Prefect's own database.
BATCHES_UNDER_WAY: Final = 64


class ClusterLostError(NewsmillError):
    """The scheduler went away and did not come back."""

    def __init__(self, scheduler: str) -> None:
        super().__init__(scheduler)
        self.scheduler = scheduler

    def __str__(self) -> str:
        return (
            f"dask: the scheduler {self.scheduler} is gone. "
            "Run again: the batches that are done are kept"
        )


class _Waiting(Protocol[T_co]):
    """A result under way, of Dask or of Prefect."""

    def result(self) -> T_co:
        """Wait for it."""
        ...


def wait_again(submit: Callable[[], _Waiting[T]], scheduler: str) -> Callable[[], T]:
    """Submit now; the result is waited for, and submitted again when it was lost.

    Raises:
        ClusterLostError: Lost too often, or there is nobody to submit to.
    """
    from distributed.comm.core import CommClosedError

    first = submit()

    def wait() -> T:
        waiting = first
        for pause in PAUSES_SECONDS:
            try:
                return waiting.result()
            except (CancelledError, CommClosedError):
                time.sleep(pause)
            waiting = submit()
        raise ClusterLostError(scheduler)

    return wait


def dask_runner(settings: Settings) -> DirectRunner:
    """Calls tasks in this process, batches on a Dask cluster, without Prefect."""

    @contextmanager
    def pool(_: int) -> Iterator[Submit]:
        with _client(settings) as client:
            yield lambda task, item: wait_again(
                lambda: client.submit(task, item, pure=False), settings.scheduler
            )

    return DirectRunner(pool=pool, least_ahead=BATCHES_UNDER_WAY)


def require_dask(settings: Settings) -> None:
    """Raise unless Dask is installed and the scheduler, if one is named, answers.

    Raises:
        UsageError: Says what to install or to start.
    """
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"--runner dask needs {' and '.join(missing)}",
            "Install the extra: pip install 'newsmill[scale]'",
        )
    if settings.scheduler:
        _require_answer(settings.scheduler)


def require_shared_api(scheduler: str, api_url: str | None) -> None:
    """Raise when workers elsewhere would look for Prefect on their own machine.

    Args:
        scheduler: Address of a Dask scheduler that answers.
        api_url: Where the run is recorded; None is a server of its own, on loopback.

    Raises:
        UsageError: Says what to name instead.
    """
    recorded_at = (urlsplit(api_url).hostname if api_url else None) or LOOPBACK
    if _is_loopback(recorded_at) and not _is_loopback(_split_address(scheduler)[0]):
        raise UsageError(
            f"the workers of {scheduler} cannot reach a Prefect API on loopback",
            "Set PREFECT_API_URL to one that all machines reach, or run with --direct",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _split_address(scheduler: str) -> tuple[str, int]:
    from distributed.comm.addressing import parse_address, parse_host_port

    host, port = parse_host_port(parse_address(scheduler)[1])
    return str(host), int(port)


def _require_answer(scheduler: str) -> None:
    try:
        where = _split_address(scheduler)
        socket.create_connection(where, timeout=ANSWER_SECONDS).close()
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {scheduler!r}",
            "Start one: dask scheduler --host ADDRESS",
        ) from error


def cluster_options(settings: Settings) -> dict[str, Any]:
    """A cluster of processes on this machine, on loopback and without a dashboard."""
    return {
        "n_workers": settings.worker_count,
        "threads_per_worker": 1,
        "host": "127.0.0.1",
        "dashboard_address": None,
        "memory_limit": None,
        # Whoever may talk to a scheduler runs code: certificates of this cluster alone.
        "security": True,
    }


@contextmanager
def _client(settings: Settings) -> Iterator["Client"]:
    import distributed

    if settings.scheduler:
        with distributed.Client(
            settings.scheduler, timeout=SCHEDULER_ABSENCE_SECONDS, set_as_default=False
        ) as client:
            yield client
        return
    with (
        distributed.LocalCluster(**cluster_options(settings)) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client
