"""The command line: what to do, said once; heavy doors open only where used."""

import functools
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from flows.api_address import settle_prefect_home
from flows.cli.exits import closed_streams_replaced, report_and_exit
from flows.cli.options import (
    CheckedCommand,
    JsonOption,
    WarehouseOption,
    path,
    require_words,
)
from flows.cli.terminal import take_global_flags
from flows.jobs.surroundings import require_surroundings, settle_surroundings
from flows.process_end import as_stopped, end_process, stopping_at_once
from flows.settings import load_settings
from transforms.errors import ExitCode, UsageError

HELP_NAMES: Final = ["-h", "--help"]
app = typer.Typer(
    name="newsmill",
    help="Raw news digests in, an audited DuckDB star schema out.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP_NAMES},
)


def _print_version(*, is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"newsmill {version('newsmill')}")
        raise typer.Exit


@app.callback(epilog="Anywhere: --quiet, --verbose, --no-color, --debug.")
def newsmill(
    *,
    version_wanted: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and stop.",
            is_eager=True,
            callback=lambda is_wanted: _print_version(is_wanted=is_wanted),
        ),
    ] = False,
) -> None:
    """Raw news digests in, an audited DuckDB star schema out."""


@app.command(cls=CheckedCommand)
def run(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Folders and files to read; seeds/ when none is given.", parser=path
        ),
    ] = None,
    *,
    warehouse: WarehouseOption = None,
    direct: Annotated[
        bool, typer.Option("--direct", help="Run the same stages without Prefect.")
    ] = False,
    json: JsonOption = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="End with exit code 3 when something was held back."
        ),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(
            help="How many processes transform batches; 0 means one per core.", min=0
        ),
    ] = None,
    runner: Annotated[
        str | None,
        typer.Option(
            help="Where batches are transformed: local, or dask for a Dask cluster."
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            help="Address of the Dask scheduler; without it, local workers are "
            "started.",
            metavar="ADDRESS",
        ),
    ] = None,
    lock_timeout: Annotated[
        float | None,
        typer.Option(help="How many seconds to wait while another run writes.", min=0),
    ] = None,
    follow_symlinks: Annotated[
        bool | None,
        typer.Option(
            "--follow-symlinks",
            help="Follow symbolic links that stay inside the given folder.",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            help="Leave out files that match, or folders when it ends with /. "
            "May be repeated.",
            metavar="PATTERN",
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            help="Names of columns in tables, such as "
            "title=headline,text=body. Usual names are known.",
            metavar="FIELD=COLUMN,...",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            help="Step to leave out: content, which searches texts for places, "
            "names, and claims.",
            metavar="STEP",
        ),
    ] = None,
    lineage: Annotated[
        Path | None,
        typer.Option(
            help="File for OpenLineage events: what the run read and wrote.",
            metavar="FILE",
            parser=path,
        ),
    ] = None,
) -> None:
    """Ingest what is new, audit it, and publish it."""
    from flows.cli.run import run_and_report

    settings = load_settings(
        seeds=paths or None,
        warehouse=warehouse,
        workers=workers,
        runner=runner,
        scheduler=scheduler,
        lock_timeout_seconds=lock_timeout,
        follow_symlinks=follow_symlinks,
        ignore=ignore or None,
        columns=columns,
        without=without or None,
    )
    settle_prefect_home(settings.warehouse)
    held_back = run_and_report(settings, direct=direct, as_json=json, lineage=lineage)
    if strict and held_back:
        raise typer.Exit(ExitCode.QUARANTINED)


@app.command(cls=CheckedCommand)
def serve(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Folders and files to read; seeds/ when none is given.", parser=path
        ),
    ] = None,
    *,
    warehouse: WarehouseOption = None,
    cron: Annotated[
        str | None,
        typer.Option(help="When to run: five cron fields, in UTC. Hourly by default."),
    ] = None,
    port: Annotated[
        int, typer.Option(help="Port of the UI on this machine.", min=1, max=65535)
    ] = 4200,
) -> None:
    """Start Prefect's server and UI on this machine, and run on a schedule."""
    from flows.orchestration.serve.serve import serve as serve_until_stopped

    settings = load_settings(seeds=paths or None, warehouse=warehouse)
    settle_prefect_home(settings.warehouse)
    require_surroundings(settings, is_recorded=True)
    serve_until_stopped(settings, cron=cron, port=port)


@app.command("warm-up", cls=CheckedCommand, hidden=True)
def warm_up() -> None:
    """Compile and migrate what would otherwise cost the first run its seconds."""
    from flows.cli.run import warm_up as prepare

    prepare()


def hide_types_of_flags(command: TyperGroup | TyperCommand) -> None:
    """Let the help of a command and those below it show no type where none is given."""
    asking = typer.Context(command, help_option_names=HELP_NAMES)
    for param in (*command.params, command.get_help_option(asking)):
        if param is not None and getattr(param, "is_flag", False):
            param.metavar = ""
    for inner in getattr(command, "commands", {}).values():
        hide_types_of_flags(inner)


def _as_usage(error: TyperException) -> UsageError:
    """The same words as any other error of ours: one line, with the next step."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "newsmill"
    message, dot, guess = error.format_message().rstrip(".").partition(". ")
    return UsageError(message, guess if dot else f"See `{command} --help`")


@functools.cache
def build_command() -> TyperGroup:
    """The whole command line, all commands added, made once for a process."""
    from flows.cli.answers.changes import register as add_changes
    from flows.cli.answers.export import register as add_export
    from flows.cli.answers.query import register as add_query
    from flows.cli.formats import register as add_formats
    from flows.cli.lake import register as add_lake_commands
    from flows.cli.model import register as add_model_commands
    from flows.cli.quarantine import register as add_quarantine_commands
    from flows.cli.read import register as add_reading_commands
    from flows.cli.search import register as add_search

    add_formats(app)
    add_query(app)
    add_export(app)
    add_changes(app)
    add_reading_commands(app)
    add_search(app)
    add_quarantine_commands(app)
    add_model_commands(app)
    add_lake_commands(app)
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    hide_types_of_flags(command)
    return command


def main() -> None:
    """Entry point: every error becomes one line on stderr and an exit code."""
    with closed_streams_replaced():
        code = _run_command()
    end_process(code)


def _run_command() -> int:
    try:
        with stopping_at_once():
            settle_surroundings()
            words = take_global_flags(sys.argv[1:]) or ["--help"]
            require_words(words)
            code = build_command()(words, prog_name="newsmill", standalone_mode=False)
            sys.stdout.flush()
    except SystemExit as ended:  # when the shell asks how a word goes on
        code = int(ended.code or 0)
    except TyperException as error:
        code = report_and_exit(_as_usage(error), debug=False)
    except BaseException as error:  # noqa: BLE001 - the one place that may
        debug = bool(os.environ.get("NEWSMILL_DEBUG"))
        code = report_and_exit(as_stopped(error), debug=debug)
    return code or 0
