"""`newsmill serve`: Prefect's server and UI on loopback, and the scheduled run."""

import multiprocessing
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from flows.exits import Stopped
from flows.prefect_server import (
    DEFAULT_PORT,
    LOOPBACK,
    drain_queues,
    is_healthy,
    local_api_url,
    set_quiet_defaults,
    stop_server,
    wait_until_healthy,
)
from flows.settings import Settings
from transforms.errors import UsageError
from warehouse.lake_address import absolute

RUN_GRACE_SECONDS: Final = 5.0
KILL_GRACE_SECONDS: Final = 2.0


def serve(settings: Settings, *, cron: str, port: int = DEFAULT_PORT) -> None:
    """Serve the UI and run the ingest flow on a schedule until stopped.

    A server that already answers on the port is used and left alone at the end.

    Args:
        settings: What the scheduled run ingests, and where to.
        cron: Five fields, in UTC.
        port: Of the loopback interface.

    Raises:
        UsageError: The schedule cannot be read, or the server does not start.
    """
    set_quiet_defaults()
    # The UI reads its API address from these, not from the server's command line.
    os.environ["PREFECT_SERVER_API_HOST"] = LOOPBACK
    os.environ["PREFECT_SERVER_API_PORT"] = str(port)
    url = local_api_url()
    # Prefect reads its settings when it is imported: before this it would not see it.
    os.environ["PREFECT_API_URL"] = url
    check_cron(cron)
    server = None if is_healthy(url) else _start_server(url, settings)
    try:
        _say(f"Prefect UI: {url.removesuffix('/api')}   schedule: {cron} (UTC)")
        # Prefect's runner takes the signal for itself, and exits as if all was done.
        with suppress(SystemExit):
            _serve_deployment(settings, cron)
        raise Stopped(signal.SIGTERM)
    finally:
        _end_runs()
        if server is not None:
            # What the client still holds would be retried for minutes afterwards.
            drain_queues()
            stop_server(server)


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


def _start_server(url: str, settings: Settings) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        wait_until_healthy(server, url, settings.prefect_timeout_seconds)
    except BaseException:
        stop_server(server)
        raise
    return server


def _serve_deployment(settings: Settings, cron: str) -> None:
    from prefect.schedules import Cron

    from flows.flow import ingest

    ingest.serve(
        name="scheduled",
        schedule=Cron(cron, timezone="UTC"),
        parameters={
            "paths": [str(Path(path).resolve()) for path in settings.seeds],
            "warehouse": absolute(settings.warehouse),
        },
        description="Ingest what is new in the folders of raw digests.",
        limit=1,
        print_starting_message=False,
    )


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)  # noqa: T201
