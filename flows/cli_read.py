"""Commands that look at a published warehouse and change nothing."""

import json as json_format
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import JsonOption, WarehouseOption, warehouse_path
from flows.reporting import plain
from flows.settings import load_settings

LOW_BOUNDARY_SCORE = 0.8


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(query)
    app.command()(status)
    app.command()(quality)
    app.command()(quarantine)
    app.command()(explain)
    app.command()(report)
    app.command()(export)
    app.command()(check)


def status(
    *,
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
    limit: Annotated[int, typer.Option(help="Runs to show.", min=1)] = 10,
) -> None:
    """What the last runs did."""
    from warehouse.reading import read_report

    runs = read_report(warehouse_path(warehouse), "status", row_limit=limit)
    show(runs.to_dicts(), "runs", as_json=json)


def quality(
    *,
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
    limit: Annotated[int, typer.Option(help="Low boundaries to show.", min=1)] = 10,
) -> None:
    """The checks of the newest run, and the least certain boundaries."""
    from warehouse.reading import read_report

    path = warehouse_path(warehouse)
    checks = read_report(path, "quality").to_dicts()
    boundaries = read_report(
        path, "low_boundaries", row_limit=limit, score_limit=LOW_BOUNDARY_SCORE
    ).to_dicts()
    if json:
        print_json({"checks": checks, "low_boundaries": boundaries})
        return
    failed = [check for check in checks if not check["success"]]
    typer.echo(f"{len(checks)} checks, {len(failed)} failed or warned")
    show_rows(
        [
            {
                "": "ok" if check["success"] else check["severity"],
                "code": check["code"],
                "observed": check["observed"],
                "what": check["description"]
                if check["success"]
                else f"{check['description']} {check['runbook']}",
            }
            for check in checks
        ]
    )
    if boundaries:
        typer.echo("\nLeast certain boundaries")
        show_rows(boundaries)


def quarantine(
    *,
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
    status: Annotated[
        str, typer.Option(help="open, resolved, retried, or all.")
    ] = "open",
    limit: Annotated[int, typer.Option(help="Rows to show.", min=1)] = 50,
) -> None:
    """What was held back: the reason and the place."""
    from warehouse.reading import read_report

    held = read_report(
        warehouse_path(warehouse), "quarantine", status=status, row_limit=limit
    )
    show(held.to_dicts(), "quarantine", as_json=json)


def explain(
    article: Annotated[str, typer.Argument(help="Key, start of the id, or title.")],
    *,
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
) -> None:
    """An article in its file: boundary, label, evidence, dates, source."""
    from flows.explaining import explain_article, print_explanation

    found = explain_article(warehouse_path(warehouse), article)
    if json:
        print_json(found)
    else:
        print_explanation(found)


def query(
    sql: Annotated[str | None, typer.Argument(help="One SELECT.")] = None,
    *,
    warehouse: WarehouseOption = None,
    output_format: Annotated[
        str,
        typer.Option("--format", help="table, csv, json, jsonl, markdown, or parquet."),
    ] = "table",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write here.", metavar="FILE")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="A named question instead of SQL.")
    ] = None,
    list_names: Annotated[
        bool, typer.Option("--list", help="The named questions, and stop.")
    ] = False,
    timeout: Annotated[float, typer.Option(help="Seconds.", min=0.1)] = 60.0,
    limit: Annotated[int, typer.Option(help="Rows at most.", min=1)] = 100_000,
    at: Annotated[
        str | None,
        typer.Option(help="A lake as that run left it.", metavar="RUN"),
    ] = None,
) -> None:
    """Ask the warehouse in SQL: read-only, guarded, in a process of its own."""
    from flows.asking import ask, list_questions

    if list_names:
        show_rows(list_questions())
        return
    ask(
        warehouse_path(warehouse), sql, name,
        output_format=output_format, output=output, timeout=timeout, limit=limit,
        at_run=at,
    )  # fmt: skip


def report(
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Write here.", metavar="FILE")
    ] = Path("newsmill-report.html"),
    warehouse: WarehouseOption = None,
    json: JsonOption = False,
) -> None:
    """One HTML page of it all: no script, no network, light and dark."""
    from flows.report import write_report

    size = write_report(warehouse_path(warehouse), output)
    if json:
        print_json({"report": str(output), "bytes": size})
    else:
        typer.echo(f"{plain(output)} ({size / 1000:,.0f} kB); open it in a browser")


def export(
    *,
    to: Annotated[Path, typer.Option("--to", help="Folder to write.", metavar="DIR")],
    warehouse: WarehouseOption = None,
    without_text: Annotated[
        bool, typer.Option("--without-text", help="Leave the articles' text out.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Every table as Parquet, with a manifest."""
    from warehouse.export import export_tables

    manifest = export_tables(warehouse_path(warehouse), to, with_text=not without_text)
    if json:
        print_json(manifest)
    else:
        typer.echo(f"{len(manifest['tables'])} tables in {to}")


def check(*, warehouse: WarehouseOption = None, json: JsonOption = False) -> None:
    """Read every block; prove again that characters, quotes, and scores are true."""
    from flows.versions import find_changed_scores
    from warehouse.check import check_warehouse

    settings = load_settings(warehouse=warehouse)
    findings = check_warehouse(settings.warehouse)
    findings += find_changed_scores(settings)
    if json:
        print_json({"findings": findings})
    else:
        for finding in findings:
            typer.echo(finding)
        typer.echo(f"{len(findings)} findings")
    if findings:
        raise typer.Exit(1)


def show(rows: list[dict[str, object]], name: str, *, as_json: bool) -> None:
    """Rows as one JSON object or as a table."""
    if as_json:
        print_json({name: rows})
    else:
        show_rows(rows)


def show_rows(rows: list[dict[str, object]]) -> None:
    """Rows as a table, nulls blank; every cell is one printable line."""
    from flows.reporting import stdout_console, text_table

    if not rows:
        typer.echo("nothing")
        return
    stdout_console().print(
        text_table(
            list(rows[0]),
            (
                ["" if value is None else value for value in row.values()]
                for row in rows
            ),
        )
    )


def print_json(value: object) -> None:
    """One JSON object on stdout; dates and keys as text."""
    typer.echo(json_format.dumps(value, ensure_ascii=False, default=str))
