"""What `newsmill run` does around the pipeline: record it, show it."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flows.api_address import (
    make_prefect_home,
    named_api,
    prepared_home,
    set_quiet_defaults,
)
from flows.cli.exits import require_address_space
from flows.cli.output import print_summary, stdout_console
from flows.cli.terminal import showing_tasks, working
from flows.jobs.lineage import lineage_of
from flows.jobs.surroundings import kernel_folder, require_surroundings
from flows.process_end import stopping_between_tasks
from flows.runners.runner import Runner
from flows.settings import Settings
from flows.verbosity import is_quiet
from warehouse.landing.paths import require_there
from warehouse.open_reader import require_possible
from warehouse.read.formats import inert_json

if TYPE_CHECKING:
    from flows.tasks.summary import RunSummary


def run_and_report(
    settings: Settings, *, direct: bool, as_json: bool, lineage: Path | None = None
) -> bool:
    """Run the pipeline and print its summary.

    Args:
        settings: Of this run.
        direct: Without Prefect.
        as_json: Print one JSON object instead of the table.
        lineage: Where to write what the run read and wrote, as OpenLineage events.

    Returns:
        Whether something was held back.

    Raises:
        OutOfSpaceError: The address space is capped too low to begin, or a place that
            a run needs is full.
        UsageError: A path does not exist, or something else that a run needs; Dask is
            wanted and not installed, or no scheduler answers.
        WeightsError: A file that is set as weights is none.
        WarehouseUnusableError: What has the warehouse's name is none.
    """
    require_address_space()
    require_there(settings.seeds)
    require_possible(settings.warehouse)
    require_surroundings(settings, is_recorded=not direct)
    if settings.classifier or settings.splitter:
        from flows.weights import require_weights

        require_weights(settings)
    if settings.runner == "dask":
        from flows.runners.dask_cluster import require_dask

        require_dask(settings)
    with lineage_of(settings, lineage) as told:
        with stopping_between_tasks():
            summary = _run_direct(settings) if direct else _run_recorded(settings)
        told.summary = summary
    if as_json:
        print(inert_json(summary.as_json()))  # noqa: T201
    elif not is_quiet():
        print_summary(summary, stdout_console())
    return len(summary.held_back) > 0


def _run_direct(settings: Settings) -> "RunSummary":
    compile_kernels()
    from flows.ingest import ingest

    with showing_tasks():
        return ingest(settings, _direct_runner(settings))


def _direct_runner(settings: Settings) -> Runner:
    if settings.runner == "dask":
        from flows.runners.dask_cluster import dask_runner

        return dask_runner(settings)
    from flows.runners.direct import DirectRunner

    return DirectRunner()


def _run_recorded(settings: Settings) -> "RunSummary":
    from flows.orchestration.own_server import prefect_api

    named = named_api()
    if settings.scheduler:
        from flows.runners.dask_cluster import require_shared_api

        require_shared_api(settings.scheduler, named.url if named else None)
    with prefect_api(timeout_seconds=settings.prefect_timeout_seconds) as own_server:
        # The server comes up beside these imports.
        compile_kernels()
        from flows.ingest import import_audit_ahead
        from flows.orchestration.prefect_flows import record

        if own_server is not None:
            import_audit_ahead()
            own_server.wait()
        with showing_tasks():
            return record(settings, is_server_watched=named is None)


def compile_kernels() -> None:
    """Compile what has to be, in front of the user: it takes most of a minute, once."""
    if any(kernel_folder().rglob("*_kernels*.nbi")):
        return
    from flows.batch.sample import transform_sample

    if not is_quiet():
        print("newsmill: compiling, once; this takes about a minute", file=sys.stderr)  # noqa: T201
    with working("compiling"):
        transform_sample()


def warm_up() -> None:
    """Compile the kernels and prepare an empty database of Prefect, once.

    What it prepares would otherwise cost the first run its seconds; a failure costs
    nothing else, so it is only told.
    """
    import subprocess

    from flows.orchestration.protected_server import OWNER_ONLY_UMASK

    set_quiet_defaults()
    compile_kernels()
    os.environ.setdefault("PREFECT_HOME", str(prepared_home()))
    make_prefect_home()
    upgrade = subprocess.run(
        [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"],
        capture_output=True,
        check=False,
        umask=OWNER_ONLY_UMASK,
    )
    if upgrade.returncode:
        print("newsmill: Prefect's database was not prepared", file=sys.stderr)  # noqa: T201
