"""`newsmill serve`: Prefect's server and UI on loopback, and the named deployments."""

import asyncio
import multiprocessing
import os
import signal
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import httpx

from flows.api_address import (
    DEFAULT_PORT,
    LOOPBACK,
    Api,
    is_healthy,
    named_api,
    service_note,
    set_quiet_defaults,
    why_unusable,
)
from flows.orchestration.own_server import drain_queues
from flows.orchestration.protected_server import start_server
from flows.orchestration.serve.deployments import (
    INGEST,
    Deployment,
    add_to,
    served_deployments,
)
from flows.orchestration.serve.service import Service, only_service
from flows.orchestration.supervised_server import SupervisedServer
from flows.process_end import Stopped, take_longer_to_stop
from flows.settings import ENVIRONMENT_PREFIX, Settings
from transforms.errors import UsageError
from warehouse.lake.address import absolute
from warehouse.landing.paths import require_there
from warehouse.open_reader import require_possible

RUN_GRACE_SECONDS: Final = 5.0
KILL_GRACE_SECONDS: Final = 2.0
# A service manager kills after a minute what has not ended: see newsmill.service.
STOP_SECONDS: Final = 50.0
# Kept in files, a run's slot outlives the server: kept in memory, as is Prefect's own
# default, a server that starts again knows no lease, ends the runs that hold one, and
# never frees their slots.
FILE_LEASES: Final = "prefect.server.concurrency.lease_storage.filesystem"


def serve(
    settings: Settings, *, cron: str | None = None, port: int = DEFAULT_PORT
) -> None:
    """Serve the UI and run the named deployments on their schedules until stopped.

    A server that the environment names is used and left alone at the end. Another one
    is started, and started again when it dies.

    Args:
        settings: What the runs ingest, and where to; runs that somebody starts with
            parameters of their own stay below these folders.
        cron: Of the ingest: five fields, in UTC; None is that of `prefect.yaml`.
        port: Of the loopback interface.

    Raises:
        UsageError: A path does not exist, the schedule cannot be read, another service
            runs, the port is taken, or the server does not start.
        WarehouseUnusableError: What has the warehouse's name is none.
    """
    take_longer_to_stop(STOP_SECONDS)
    require_there(settings.seeds)
    require_possible(settings.warehouse)
    set_quiet_defaults()
    os.environ.setdefault("PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE", FILE_LEASES)
    named = named_api()
    with only_service(settings.warehouse) as service:
        own = Api(f"http://{LOOPBACK}:{port}/api", service.auth_string)
        is_own_address = named is not None and named.url.rstrip("/") == own.url
        other = None if is_own_address and not is_healthy(own.url) else named
        api = other or own
        # Prefect reads its settings when it is imported: it is to find these.
        api.use()
        if cron:
            check_cron(cron)
        parameters = _hand_down(settings)
        seconds = settings.prefect_timeout_seconds
        with _named(other, service) if other else _server(own, port, service, seconds):
            deployments = served_deployments(cron=cron, parameters=parameters)
            _say(f"Prefect UI: {api.url.removesuffix('/api')}")
            if not other:
                _say(f"  its password: the first line of {service_note()}")
            for deployment in deployments:
                _say(f"  {deployment.name}: {_schedule(deployment)}")
            try:
                # Prefect's runner takes the signal and exits as if all was done.
                with suppress(SystemExit):
                    _serve_until_stopped(
                        deployments, settings.warehouse, is_ours=other is None
                    )
                raise Stopped(
                    signal.SIGTERM, "the service is stopped, its runs with it"
                )
            finally:
                # What the client still holds would be retried for minutes afterwards.
                drain_queues()


@contextmanager
def _server(
    api: Api, port: int, service: Service, timeout_seconds: float
) -> Iterator[None]:
    """A server with its UI, of this service alone."""
    try:
        listener = socket.create_server((LOOPBACK, port), backlog=128)
    except OSError as error:
        raise UsageError(
            f"port {port} of {LOOPBACK} cannot be had: {error.strerror}",
            "Stop what listens there, or give another --port; a Prefect server of "
            "yours is used when PREFECT_API_URL names it",
        ) from error
    scratch = str(service.scratch)
    with (
        listener,
        SupervisedServer(
            lambda: start_server(listener, api.auth_string, scratch=scratch),
            api.url,
            timeout_seconds,
        ) as server,
    ):
        server.wait()
        service.announce(api)
        yield


@contextmanager
def _named(api: Api, service: Service) -> Iterator[None]:
    why = why_unusable(api)
    if why:
        raise UsageError(
            f"the Prefect API {api.url} {why}",
            "Start it, unset PREFECT_API_URL, or set PREFECT_API_AUTH_STRING to its "
            "password",
        )
    service.announce(api)
    yield


def _hand_down(settings: Settings) -> dict[str, dict[str, Any]]:
    """Tell the processes of the runs what was configured, and the form its defaults."""
    seeds = [os.path.realpath(path) for path in settings.seeds]
    warehouse = absolute(settings.warehouse)
    divided = [path for path in seeds if os.pathsep in path]
    if divided:
        raise UsageError(
            f"{divided[0]}: a served path cannot hold {os.pathsep!r}",
            "Serve a folder above it",
        )
    os.environ[f"{ENVIRONMENT_PREFIX}SEEDS"] = os.pathsep.join(seeds)
    os.environ[f"{ENVIRONMENT_PREFIX}WAREHOUSE"] = warehouse
    return {INGEST: {"paths": seeds, "warehouse": warehouse}}


def _end_runs() -> None:
    """Let runs under way finish, for a moment; then end them.

    A run that outlives its server would retry its events for minutes, and hold this
    process that long. Ended in the middle, it has published nothing.
    """
    for run in multiprocessing.active_children():
        run.join(RUN_GRACE_SECONDS)
        if run.is_alive():
            run.terminate()
            run.join(KILL_GRACE_SECONDS)
        if run.is_alive():
            run.kill()


def check_cron(cron: str) -> None:
    """Raise UsageError unless the text is a schedule that Prefect accepts."""
    from prefect.client.schemas.schedules import CronSchedule

    try:
        CronSchedule(cron=cron)
    except ValueError as error:
        raise UsageError(
            f"--cron: {cron!r} is not a schedule",
            'Give five fields, such as "*/15 * * * *"',
        ) from error


def _serve_until_stopped(
    deployments: list[Deployment], warehouse: Path, *, is_ours: bool
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.runner import Runner

    from flows.orchestration.stale_runs import ensure_automation, settle_dead

    # What comes due while nobody serves it is taken up by one run, at once.
    class PatientRunner(Runner):
        def handle_sigterm(self, *args: object, **kwargs: object) -> None:
            # Prefect cancels each run whose process is there, also one that has ended
            # and only leaves: let that keep its state.
            for run in multiprocessing.active_children():
                run.join(RUN_GRACE_SECONDS)
            super().handle_sigterm(*args, **kwargs)

    runner = PatientRunner(limit=len(deployments), pause_on_shutdown=False)
    ids = [add_to(runner, deployment) for deployment in deployments]
    with get_client(sync_client=True) as client:
        ensure_automation(client)
        if is_ours:
            # Nobody else ran anything: the server was down until now.
            settle_dead(client, ids, warehouse)
    # Prefect's runner forgets to await its own farewells, and says so on the terminal.
    warnings.filterwarnings("ignore", message="coroutine 'Runner.* was never awaited")
    try:
        asyncio.run(runner.start())
    finally:
        _end_runs()
        with suppress(httpx.HTTPError), get_client(sync_client=True) as client:
            settle_dead(client, ids, warehouse)


def _schedule(deployment: Deployment) -> str:
    crons = [entry["cron"] for entry in deployment.schedules]
    return ", ".join(f"{cron} (UTC)" for cron in crons) or "on demand"


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)  # noqa: T201
