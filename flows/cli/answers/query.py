"""`newsmill query`: a question in SQL, or one that has a name."""

from textwrap import fill
from typing import Annotated, Final

import typer

from flows.cli.options import (
    MOST_ROWS,
    CheckedCommand,
    ForceOption,
    OutputOption,
    WarehouseOption,
)
from flows.cli.output import show_rows, stdout_console
from flows.settings import load_settings

_FORMATS: Final = ["table", "csv", "json", "jsonl", "markdown", "parquet"]
# Columns of a terminal that are left for what a question is about.
_WORDS_WIDTH: Final = 60


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=CheckedCommand)(query)


def _question_names() -> list[str]:
    from flows.jobs.query import question_rows

    return [str(question["name"]) for question in question_rows()]


def query(
    sql: Annotated[str | None, typer.Argument(help="One SELECT.")] = None,
    *,
    warehouse: WarehouseOption = None,
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            help="table, csv, json, jsonl, markdown, or parquet.",
            autocompletion=lambda: _FORMATS,
        ),
    ] = "table",
    output: OutputOption = None,
    force: ForceOption = False,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            help="A named question instead of SQL.",
            autocompletion=_question_names,
        ),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            help="Value of a $name in the SQL, or of a named question. Repeat it.",
            metavar="NAME=VALUE",
        ),
    ] = None,
    show_sql: Annotated[
        bool, typer.Option("--show-sql", help="The SQL, and stop.")
    ] = False,
    list_names: Annotated[
        bool, typer.Option("--list", help="The named questions, and stop.")
    ] = False,
    timeout: Annotated[
        float, typer.Option(help="Seconds.", min=0.1, max=86_400)
    ] = 60.0,
    limit: Annotated[
        int, typer.Option(help="Rows at most.", min=1, max=MOST_ROWS)
    ] = 100_000,
    at: Annotated[
        str | None,
        typer.Option(help="A lake as that run left it.", metavar="RUN"),
    ] = None,
) -> None:
    """Ask the warehouse in SQL: read-only, guarded, in a process of its own."""
    from flows.jobs import query as job
    from warehouse.read.outputs import Outputs

    if list_names:
        show_questions(job.question_rows(), stdout_console().width)
        return
    if show_sql:
        job.require_one_question(sql, name)
        typer.echo(job.show_sql(sql, name))
        return
    settings = load_settings(warehouse=warehouse)
    job.ask(
        settings.warehouse,
        sql,
        name,
        params=param or (),
        output_format=output_format,
        output=output,
        outputs=Outputs(settings.warehouse, settings.seeds, is_forced=force),
        timeout=timeout,
        limit=limit,
        at_run=at,
    )


def show_questions(rows: list[dict[str, object]], width: int) -> None:
    """A table, or a block for each question where a table would break its name.

    Args:
        rows: `name`, `purpose`, `parameters` (may be empty).
        width: Columns of the terminal.
    """
    longest = max(len(str(row["name"])) for row in rows)
    if longest + _WORDS_WIDTH <= width:
        show_rows(rows, flexible=("purpose", "parameters"))
        return
    for row in rows:
        for text, indent in zip(row.values(), ("", "  ", "  "), strict=True):
            if text:
                typer.echo(
                    fill(
                        str(text),
                        width,
                        initial_indent=indent,
                        subsequent_indent=indent,
                        break_long_words=False,
                        break_on_hyphens=False,
                    )
                )
