"""`newsmill changes`: what other programs must do to follow a warehouse."""

import sys
from typing import Annotated

import typer

from flows.cli.options import (
    CheckedCommand,
    ForceOption,
    OutputOption,
    WarehouseOption,
    warehouse_path,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=CheckedCommand)(changes)


def changes(
    *,
    since: Annotated[
        str | None,
        typer.Option(
            help="Only what came after this run, as `newsmill status` names it, or as "
            "much of its name as no other has. All changes by default.",
            metavar="RUN",
        ),
    ] = None,
    output: OutputOption = None,
    warehouse: WarehouseOption = None,
    force: ForceOption = False,
) -> None:
    """Tell which articles were added, relabelled, redated, or retired, as JSON Lines.

    Applied in their order to the articles as a run left them, the lines give the
    articles of today. `flows/examples/CLIENTS.md` tells their fields.
    """
    from flows.jobs.changes import list_changes
    from warehouse.read.outputs import Outputs

    file = warehouse_path(warehouse)
    if output is None:
        list_changes(file, since, sys.stdout)
        return
    outputs = Outputs(file, is_forced=force)
    with outputs.file(output) as partial, partial.open("w", encoding="utf-8") as out:
        list_changes(file, since, out)
