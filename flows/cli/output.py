"""How a run's facts are shown: on the terminal and as a Prefect artifact.

Text of files and articles is hostile: it is shown through `terminal_text`, which leaves
no control sequence, no bidirectional override, and no markup.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Final

import typer

from flows.tasks.summary_text import (
    SHOWN_HELD_BACK,
    next_commands,
    summary_rows,
    summary_title,
)
from transforms.text.inert import terminal_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from flows.tasks.summary import RunSummary

PIPE_WIDTH: Final = 200


def print_summary(summary: "RunSummary", console: "Console") -> None:
    """Print the summary, what was held back, and what to try next."""
    from rich.text import Text

    console.print(Text(summary_title(summary), style="bold"))
    table = grid()
    for name, value in summary_rows(summary):
        table.add_row(Text(name, style="cyan"), Text(terminal_text(value)))
    console.print(table)
    if len(summary.held_back):
        console.print(Text("Held back", style="bold"))
        console.print(
            text_table(
                ("reason", "where", "detail"),
                (
                    (row["reason_code"], row["path"] or "", row["detail"] or "")
                    for row in summary.held_back.head(SHOWN_HELD_BACK).to_dicts()
                ),
            )
        )
        left = len(summary.held_back) - SHOWN_HELD_BACK
        if left > 0:
            console.print(f"and {left} more: newsmill quarantine")
    console.print(Text("Next", style="bold"))
    for command in next_commands():
        console.print(Text(f"  {command}"), soft_wrap=True)


def stdout_console() -> "Console":
    """The terminal, or a wide page when the output goes to a file or a pipe.

    NO_COLOR leaves bold out as well: some read it through what knows no codes at all.
    """
    import os
    import sys

    from rich.console import Console

    return Console(
        file=sys.stdout,
        highlight=False,
        width=None if sys.stdout.isatty() else PIPE_WIDTH,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
    )


def heading(text: str) -> None:
    """A line that stands out on a terminal; a line feed before it stays one."""
    from rich.text import Text

    if text.startswith("\n"):
        typer.echo()
    line = Text(terminal_text(text.removeprefix("\n")), style="bold")
    stdout_console().print(line, soft_wrap=True)


def say(text: object) -> None:
    """One line on stdout, whatever the text holds."""
    typer.echo(terminal_text(text, limit=2000))


def grid() -> "Table":
    """A table without lines, for names and values."""
    from rich.table import Table

    return Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))


def text_table(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    flexible: Collection[str] | None = None,
) -> "Table":
    """A table of untrusted text: nothing in it is read as markup.

    Args:
        header: Names of the columns.
        rows: Cells, None for none; columns of numbers stand at the right.
        flexible: Columns that give way when the line is too long; None is all.
    """
    from rich.table import Table
    from rich.text import Text

    is_named = any(name.strip() for name in header)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=is_named)
    lines = [list(row) for row in rows]
    for at, name in enumerate(header):
        is_number = bool(lines) and all(
            isinstance(line[at], int | float) or line[at] is None for line in lines
        )
        table.add_column(
            Text(name, style="cyan"),
            overflow="fold",
            no_wrap=flexible is not None and name not in flexible,
            justify="right" if is_number else "left",
        )
    for line in lines:
        table.add_row(*(Text(_cell(cell)) for cell in line))
    return table


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else terminal_text(value)


def show_named_rows(rows: list[dict[str, object]], name: str, *, as_json: bool) -> None:
    """Rows as one JSON object or as a table."""
    if as_json:
        print_json({name: rows})
    else:
        show_rows(rows)


def show_rows(
    rows: list[dict[str, object]], *, flexible: Collection[str] | None = None
) -> None:
    """Rows as a table, nulls blank; every cell is one printable line.

    Args:
        rows: All with the same keys.
        flexible: Columns that give way on a narrow terminal; None is all.
    """
    if not rows:
        typer.echo("nothing")
        return
    cells = (list(row.values()) for row in rows)
    stdout_console().print(text_table(list(rows[0]), cells, flexible=flexible))


def print_json(value: object) -> None:
    """One JSON object on stdout; dates and keys as text."""
    from warehouse.read.formats import inert_json

    typer.echo(inert_json(value))
