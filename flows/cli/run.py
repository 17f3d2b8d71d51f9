"""What `newsmill run` does around the pipeline: record it, show it."""

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from flows.batch.ahead import Ready, ready_if_new
from flows.cli.exits import require_address_space
from flows.cli.output import print_summary, stdout_console
from flows.cli.terminal import showing_steps
from flows.process_end import stopping_between_steps
from flows.settings import Settings
from flows.verbosity import is_quiet
from warehouse.landing.paths import require_there
from warehouse.read.formats import inert_json

if TYPE_CHECKING:
    from flows.tasks.summary import RunSummary


def run_and_report(settings: Settings, *, direct: bool, as_json: bool) -> bool:
    """Run the pipeline and print its summary.

    Args:
        settings: Of this run.
        direct: Without Prefect.
        as_json: Print one JSON object instead of the table.

    Returns:
        Whether something was held back.

    Raises:
        OutOfSpaceError: The address space is capped too low to begin.
        UsageError: A path does not exist; Dask is wanted and not installed, or no
            scheduler answers.
    """
    require_address_space()
    require_there(settings.seeds)
    if settings.runner == "dask":
        from flows.batch.dask import require_dask

        require_dask(settings)
    with stopping_between_steps(), ready_if_new(settings) as ready:
        if direct:
            ready.start_more()
            with showing_steps():
                summary = _run_direct(settings)
        else:
            summary = _run_recorded(settings, ready)
    if as_json:
        print(inert_json(summary.as_json()))  # noqa: T201
    elif not is_quiet():
        print_summary(summary, stdout_console())
    return len(summary.held_back) > 0


def _run_direct(settings: Settings) -> "RunSummary":
    from flows.ingest import run_pipeline
    from flows.runners.runner import DirectRunner

    if settings.runner == "dask":
        from flows.batch.dask import DaskRunner

        return run_pipeline(settings, DaskRunner(settings=settings))
    return run_pipeline(settings, DirectRunner())


def _run_recorded(settings: Settings, ready: Ready) -> "RunSummary":
    from flows.api_address import configured_api_url
    from flows.orchestration.server.own_server import prefect_api

    if settings.scheduler:
        from flows.batch.dask import require_shared_api

        require_shared_api(settings.scheduler, configured_api_url())

    with ExitStack() as shown:

        def get_ready() -> None:
            # Not earlier: threads would keep a server from being forked off.
            shown.enter_context(showing_steps())
            ready.start_more()
            if ready.looks_new and not ready.looks_large:
                import expectations.audit  # noqa: F401

        with prefect_api(
            timeout_seconds=settings.prefect_timeout_seconds, meanwhile=get_ready
        ):
            from flows.orchestration.ingest_flow import record

            return record(settings)


def warm_up() -> None:
    """Compile the kernels and bring Prefect's own database up to date, once.

    What it prepares would otherwise cost the first run its seconds; a failure costs
    nothing else, so it is only told.
    """
    import subprocess

    from flows.api_address import set_quiet_defaults

    set_quiet_defaults()
    _ingest_a_sample()
    upgrade = subprocess.run(
        [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"],
        capture_output=True,
        check=False,
    )
    if upgrade.returncode:
        print("newsmill: Prefect's database was not prepared", file=sys.stderr)  # noqa: T201


def _ingest_a_sample() -> None:
    import tempfile
    from pathlib import Path

    from flows.batch.sample import SAMPLE
    from flows.ingest import run_pipeline
    from flows.runners.runner import DirectRunner

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "sample.txt").write_text(SAMPLE, encoding="utf-8")
        settings = Settings(warehouse=root / "sample.duckdb", seeds=(root,))
        run_pipeline(settings, DirectRunner())
