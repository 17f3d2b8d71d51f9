"""`newsmill export`: whole tables for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import (
    CheckedCommand,
    ForceOption,
    JsonOption,
    WarehouseOption,
    path,
    warehouse_path,
)
from flows.cli.output import print_json, say
from flows.cli.terminal import working
from transforms.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=CheckedCommand)(export)


def export(
    *,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            help="Folder to write: a new one, an empty one, or an earlier export.",
            metavar="DIR",
            parser=path,
        ),
    ] = None,
    claims: Annotated[
        Path | None,
        typer.Option(
            "--claims",
            help="Counted claims with their places in the files, as CSV.",
            metavar="FILE",
            parser=path,
        ),
    ] = None,
    warehouse: WarehouseOption = None,
    without_text: Annotated[
        bool, typer.Option("--without-text", help="Leave the articles' text out.")
    ] = False,
    force: ForceOption = False,
    json: JsonOption = False,
) -> None:
    """Every table as Parquet, with a manifest; or all claims as CSV."""
    from warehouse.read.export import export_claims, export_tables
    from warehouse.read.outputs import Outputs

    if (to is None) == (claims is None):
        raise UsageError(
            "export: give either --to or --claims", "See `newsmill export --help`"
        )
    if claims is not None:
        outputs = Outputs(warehouse_path(warehouse), is_forced=force)
        count = export_claims(outputs, claims)
        if json:
            print_json({"claims": str(claims), "rows": count})
        else:
            say(f"{count:,} claims in {claims}")
        return
    assert to is not None
    with working("writing Parquet"):
        manifest = export_tables(
            warehouse_path(warehouse), to, with_text=not without_text
        )
    if json:
        print_json(manifest)
    else:
        say(f"{len(manifest['tables'])} tables in {to}")
