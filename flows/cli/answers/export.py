"""`newsmill export`: whole tables for other programs."""

from pathlib import Path
from typing import Annotated, Final

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
from transforms.text.closest import did_you_mean

_FORMATS: Final = ["parquet", "csv"]


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
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            help="Of the tables: parquet, or csv with keys as text.",
            autocompletion=lambda: _FORMATS,
        ),
    ] = "parquet",
    without_text: Annotated[
        bool, typer.Option("--without-text", help="Leave the articles' text out.")
    ] = False,
    force: ForceOption = False,
    json: JsonOption = False,
) -> None:
    """Every table as Parquet or CSV, described for other programs; or claims as CSV."""
    from warehouse.read.export.export import export_claims, export_tables
    from warehouse.read.formats import Format
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
    if output_format not in _FORMATS:
        raise UsageError(
            f"--format: got {output_format!r}, expected parquet or csv",
            did_you_mean(output_format, _FORMATS),
        )
    form = Format(output_format)
    with working(f"writing {output_format}"):
        manifest = export_tables(
            warehouse_path(warehouse), to, with_text=not without_text, form=form
        )
    if json:
        print_json(manifest)
    else:
        say(f"{len(manifest['tables'])} tables in {to}")
