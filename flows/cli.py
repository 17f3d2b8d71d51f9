"""The command line: what to do, said once; heavy doors open only where used."""

import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from flows.exits import (
    leave,
    leave_memory_behind,
    report_and_exit,
    stopping_on_signals,
)
from flows.settings import GARBAGE_THRESHOLD, load_settings
from flows.terminal import take_manners
from transforms.errors import ExitCode, UsageError

app = typer.Typer(
    name="newsmill",
    help="Raw news digests in, an audited DuckDB star schema out.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

WarehouseOption = Annotated[
    Path | None, typer.Option("--warehouse", help="The DuckDB file.", metavar="FILE")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.callback(epilog="Anywhere: --quiet, --verbose, --no-color, --debug.")
def newsmill() -> None:
    """Raw news digests in, an audited DuckDB star schema out."""


@app.command()
def run(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders and files; seeds/ when none is given."),
    ] = None,
    *,
    warehouse: WarehouseOption = None,
    direct: Annotated[
        bool, typer.Option("--direct", help="The same stages without Prefect.")
    ] = False,
    json: JsonOption = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 3 when something was held back.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(help="Processes; 0 takes one per core.", min=0)
    ] = None,
    runner: Annotated[
        str | None, typer.Option(help="local, or dask: workers of a Dask cluster.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            help="Of a Dask cluster; without it, local workers.", metavar="ADDRESS"
        ),
    ] = None,
    lock_timeout: Annotated[
        float | None, typer.Option(help="Seconds to wait for another writer.", min=0)
    ] = None,
    follow_symlinks: Annotated[
        bool | None, typer.Option("--follow-symlinks", help="Inside the folder only.")
    ] = None,
) -> None:
    """Ingest what is new, audit it, and publish it."""
    from flows.run_command import run_and_report

    settings = load_settings(
        seeds=paths or None,
        warehouse=warehouse,
        workers=workers,
        runner=runner,
        scheduler=scheduler,
        lock_timeout_seconds=lock_timeout,
        follow_symlinks=follow_symlinks,
    )
    held_back = run_and_report(settings, direct=direct, as_json=json)
    if strict and held_back:
        raise typer.Exit(ExitCode.QUARANTINED)


@app.command()
def serve(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders and files; seeds/ when none is given."),
    ] = None,
    *,
    warehouse: WarehouseOption = None,
    cron: Annotated[
        str | None,
        typer.Option(
            help="Schedule of the ingest, five fields, UTC; hourly by default."
        ),
    ] = None,
    port: Annotated[int, typer.Option(help="Loopback port of the UI.")] = 4200,
) -> None:
    """Prefect's server and UI on loopback, and the scheduled runs."""
    from flows.serve import serve as serve_until_stopped

    settings = load_settings(seeds=paths or None, warehouse=warehouse)
    serve_until_stopped(settings, cron=cron, port=port)


@app.command("warm-up", hidden=True)
def warm_up() -> None:
    """Compile and migrate what would otherwise cost the first run its seconds."""
    from flows.run_command import warm_up as prepare

    prepare()


def warehouse_path(warehouse: Path | None) -> Path:
    """The warehouse that a reading command is about."""
    return load_settings(warehouse=warehouse).warehouse


def _as_usage(error: TyperException) -> UsageError:
    """The same words as any other error of ours: one line, with the next step."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "newsmill"
    message, dot, guess = error.format_message().rstrip(".").partition(". ")
    return UsageError(message, guess if dot else f"See `{command} --help`")


def main() -> None:
    """Entry point: every error becomes one line on stderr and an exit code."""
    leave_memory_behind()
    gc.set_threshold(GARBAGE_THRESHOLD, 50, 50)
    from flows.cli_lake import register as add_lake_commands
    from flows.cli_model import register as add_model_commands
    from flows.cli_quarantine import register as add_quarantine_commands
    from flows.cli_read import register as add_reading_commands

    add_reading_commands(app)
    add_quarantine_commands(app)
    add_model_commands(app)
    add_lake_commands(app)
    try:
        with stopping_on_signals():
            words = take_manners(sys.argv[1:]) or ["--help"]
            sys.exit(app(words, prog_name="newsmill", standalone_mode=False))
    except SystemExit as ended:
        leave(ended.code)
    except TyperException as error:
        leave(report_and_exit(_as_usage(error), debug=False))
    except BaseException as error:  # noqa: BLE001 - the one place that may
        debug = bool(os.environ.get("NEWSMILL_DEBUG"))
        leave(report_and_exit(error, debug=debug))
