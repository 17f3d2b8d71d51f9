"""`newsmill quarantine`: what was held back, why, and what becomes of it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli.options import (
    MOST_ROWS,
    CheckedCommand,
    CheckedGroup,
    JsonOption,
    WarehouseOption,
    warehouse_path,
)
from flows.cli.output import heading, print_json, say, show_named_rows, show_rows
from flows.settings import load_settings
from flows.verbosity import is_verbose
from transforms.errors import ExitCode, UsageError
from transforms.text.closest import did_you_mean

STATUSES = ["open", "resolved", "retried", "all"]
SHOWN_DIGITS = 10

StatusOption = Annotated[
    str,
    typer.Option(
        help="Which rows to show: open, resolved, retried, or all.",
        autocompletion=lambda: STATUSES,
    ),
]
LimitOption = Annotated[
    int, typer.Option(help="How many rows to show.", min=1, max=MOST_ROWS)
]
KeyArgument = Annotated[
    list[str],
    typer.Argument(help="Keys of held rows, or their first digits.", metavar="KEY..."),
]
LockOption = Annotated[
    float | None,
    typer.Option(help="How many seconds to wait while another run writes.", min=0),
]

group = typer.Typer(
    cls=CheckedGroup, help="Show what was held back, read it again, or close it."
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(group, name="quarantine")


@group.callback(invoke_without_command=True)
def quarantine(
    context: typer.Context,
    *,
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
    status: StatusOption = "open",
    limit: LimitOption = 50,
) -> None:
    """List what was held back, with the reason and the place."""
    if context.invoked_subcommand is None:
        _list(warehouse, as_json=json, status=status, limit=limit)
    elif warehouse is not None or json:
        # Silently another warehouse than the one that was named would be worse.
        raise UsageError(
            f"options stand before {context.invoked_subcommand!r}",
            f"Write: newsmill quarantine {context.invoked_subcommand} ... --warehouse",
        )


@group.command(cls=CheckedCommand, name="list")
def list_held(
    *,
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
    status: StatusOption = "open",
    limit: LimitOption = 50,
) -> None:
    """List what was held back, with the reason and the place."""
    _list(warehouse, as_json=json, status=status, limit=limit)


def _list(warehouse: Path | None, *, as_json: bool, status: str, limit: int) -> None:
    from warehouse.read.reports import read_report

    if status not in STATUSES:
        raise UsageError(
            f"--status: there is no {status!r}", did_you_mean(status, STATUSES)
        )
    held = read_report(
        warehouse_path(warehouse), "quarantine", status=status, row_limit=limit
    ).to_dicts()
    if as_json or is_verbose():
        show_named_rows(held, "quarantine", as_json=as_json)
        return
    show_rows([_held_in_brief(row) for row in held], flexible=("where", "why"))
    if held:
        say("In full: newsmill quarantine show KEY. Then retry, or resolve --note")


def _held_in_brief(row: dict[str, Any]) -> dict[str, object]:
    at = "" if row["char_start"] is None else f":{row['char_start']}-{row['char_end']}"
    why = str(row["reason_code"]).replace("_", " ")
    return {
        "key": str(row["quarantine_key"])[:SHOWN_DIGITS],
        "status": row["status"],
        "where": f"{row['path'] or 'a document'}{at}",
        "why": f"{why}: {row['detail']}" if row["detail"] else why,
    }


@group.command(cls=CheckedCommand, name="show")
def show_held(
    key: Annotated[str, typer.Argument(help="Key of a held row, or its first digits.")],
    *,
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
) -> None:
    """Show one held row: its text, what stands around it, and its history."""
    from warehouse.amend.quarantine import find_held, read_place
    from warehouse.read.reports import read_report

    path = warehouse_path(warehouse)
    (row,) = find_held(path, [key]).to_dicts()
    events = read_report(
        path, "quarantine_events", quarantine_key=row["quarantine_key"]
    ).to_dicts()
    place = read_place(path, row)
    if json:
        print_json(row | {"place": place, "events": events})
    else:
        _print_held(row, place, events)


def _print_held(
    row: dict[str, Any], place: dict[str, str] | None, events: list[dict[str, Any]]
) -> None:
    from transforms.text.inert import terminal_text

    span = "whole file"
    if row["char_start"] is not None:
        span = f"characters {row['char_start']} to {row['char_end']}"
    for name, value in (
        ("key", row["quarantine_key"]),
        ("status", row["status"]),
        ("reason", f"{row['reason_code']}, by {row['stage']}"),
        ("detail", row["detail"] or ""),
        ("file", row["path"] or ""),
        ("place", span),
        ("held by", f"run {row['run_id']}"),
    ):
        typer.echo(f"{name:8} {terminal_text(value, limit=500)}")
    if place is None:
        typer.echo("\nThe file was never loaded, so its text is not in the warehouse.")
    else:
        typer.echo()
        for part, mark in (("before", "  "), ("held", "> "), ("after", "  ")):
            for line in place[part].splitlines():
                typer.echo(f"{mark}{terminal_text(line, limit=300)}")
    if events:
        heading("\nWhat became of it")
        show_rows(
            [
                {
                    "when (UTC)": f"{event['happened_at']:%Y-%m-%d %H:%M:%S}",
                    "what": event["event"],
                    "note": event["note"],
                }
                for event in events
            ],
            flexible=("note",),
        )


@group.command(cls=CheckedCommand, name="retry")
def retry_held(
    keys: Annotated[
        list[str] | None,
        typer.Argument(
            help="Keys of held rows, or their first digits; all open rows when "
            "none is given."
        ),
    ] = None,
    *,
    warehouse: WarehouseOption = None,
    reason: Annotated[
        str | None,
        typer.Option(help="Only rows with this reason code.", metavar="CODE"),
    ] = None,
    json: JsonOption = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="End with exit code 3 when something stays held back."
        ),
    ] = False,
    lock_timeout: LockOption = None,
) -> None:
    """Read held files again, and take in what is accepted now."""
    from flows.jobs.retry_held import retry
    from flows.process_end import stopping_between_tasks

    settings = load_settings(warehouse=warehouse, lock_timeout_seconds=lock_timeout)
    with stopping_between_tasks():
        tried = retry(settings, keys or [], reason=reason)
    left = sum(row["status"] == "open" for row in tried)
    if json:
        print_json({"retried": tried})
    else:
        show_rows([_tried_in_brief(row) for row in tried], flexible=("where", "note"))
        say(f"{len(tried)} tried · {len(tried) - left} closed · {left} open")
    if strict and left:
        raise typer.Exit(ExitCode.QUARANTINED)


def _tried_in_brief(row: dict[str, Any]) -> dict[str, object]:
    return {
        "key": str(row["quarantine_key"])[:SHOWN_DIGITS],
        "where": row["path"] or "a document",
        "what": row["event"],
        "now": row["status"],
        "note": row["note"],
    }


@group.command(cls=CheckedCommand, name="resolve")
def resolve_held(
    keys: KeyArgument,
    *,
    note: Annotated[str, typer.Option(help="Why the rows need no further work.")],
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
    lock_timeout: LockOption = None,
) -> None:
    """Mark held rows as settled; their history is kept."""
    from flows.jobs.retry_held import resolve

    settings = load_settings(warehouse=warehouse, lock_timeout_seconds=lock_timeout)
    resolved = resolve(settings, keys, note)
    if json:
        print_json({"resolved": resolved})
    else:
        say(f"{len(resolved)} resolved")
