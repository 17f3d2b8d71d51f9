"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from flows.settings import load_settings

WarehouseOption = Annotated[
    Path | None,
    typer.Option(
        "--warehouse",
        help="The DuckDB file; warehouse/newsmill.duckdb by default.",
        metavar="FILE",
    ),
]


JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def warehouse_path(warehouse: Path | None) -> Path:
    """The warehouse that a reading command is about."""
    return load_settings(warehouse=warehouse).warehouse
