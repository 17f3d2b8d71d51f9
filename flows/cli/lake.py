"""`newsmill expire`: a lake forgets what runs of long ago left."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from flows.cli.options import (
    CheckedCommand,
    JsonOption,
    WarehouseOption,
    warehouse_path,
)
from flows.cli.output import print_json
from flows.settings import load_settings

DAYS = 30
MOST_DAYS = 36_500


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(cls=CheckedCommand)(expire)


def expire(
    *,
    warehouse: WarehouseOption = None,
    days: Annotated[
        float,
        typer.Option(
            help="Keep the snapshots of this many days.", min=0, max=MOST_DAYS
        ),
    ] = DAYS,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Remove old snapshots of a lake, and merge its small files.

    A file is kept for a day after the last snapshot that needs it, so run this daily.
    """
    from flows.cli.output import say
    from flows.tasks.session import new_run
    from warehouse.lake.upkeep import expire_snapshots

    done = expire_snapshots(
        warehouse_path(warehouse),
        new_run(None),
        keep=timedelta(days=days),
        dry_run=dry_run,
        wait_seconds=load_settings().lock_timeout_seconds,
    )
    if json:
        print_json(asdict(done))
        return
    if dry_run:
        say(
            f"would go: snapshots {done.snapshots_expired:,} · "
            f"files {done.files_removed:,}"
        )
    else:
        say(
            f"snapshots expired {done.snapshots_expired:,} · "
            f"files merged {done.files_merged:,} · removed {done.files_removed:,}"
        )
