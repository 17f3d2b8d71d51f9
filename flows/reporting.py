"""How a run's facts are shown: on the terminal and as a Prefect artifact.

Text of files and articles is hostile: it is shown through `plain`, which leaves no
control sequence, no bidirectional override, and no markup.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import typer

from flows.terminal import is_verbose, step_words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from flows.summary import RunSummary

SHOWN_HELD_BACK: Final = 10
PIPE_WIDTH: Final = 200
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain(text: object, *, limit: int = 200) -> str:
    r"""One printable line of any text.

    Example:
        >>> plain("a\x1b[31m\u202eb")
        'a\\x1b[31m\\u202eb'
    """
    shown = "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character) in _HIDDEN
        else character
        for character in str(text)[: limit + 1]
    )
    return shown if len(shown) <= limit else f"{shown[:limit]}…"


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    Example:
        >>> counted(1, "article"), counted(1200, "article")
        ('1 article', '1,200 articles')
    """
    return f"{count:,} {noun}" + "s" * (count != 1)


def summary_rows(summary: "RunSummary") -> list[tuple[str, str]]:
    """The summary as name and value, in reading order."""
    files, characters = summary.files, summary.characters
    rows = [
        (
            "files",
            " · ".join(
                f"{files.get(name, 0)} {name.replace('_', ' ')}"
                for name in ("found", "new", "known", "held_back")
            ),
        ),
        (
            "articles",
            f"{summary.articles_new:,} new in "
            + counted(summary.occurrences_new, "place"),
        ),
    ]
    if summary.categories:
        rows.append(("by category", _counts(summary.categories)))
    if summary.checks:
        rows.append(("checks", _counts(summary.checks)))
    rows += [("warning", warning) for warning in summary.warnings]
    if characters:
        rows.append(
            (
                "characters",
                "{total:,} = {articles:,} in articles + {separators:,} between them "
                "+ {quarantined:,} held back".format_map(characters),
            )
        )
    rows.append(("time", _time(summary)))
    return rows


def _counts(counts: dict[str, int]) -> str:
    return " · ".join(f"{name} {count}" for name, count in counts.items())


def _time(summary: "RunSummary") -> str:
    slowest = sorted(
        ((s, name) for name, s in summary.seconds.items() if name != "total"),
        reverse=True,
    )[: None if is_verbose() else 3]
    steps = ", ".join(f"{step_words(name)} {took:.1f}" for took, name in slowest)
    return f"{summary.seconds.get('total', 0.0):.1f} s" + (f" ({steps})" * bool(steps))


def print_summary(summary: "RunSummary", console: "Console") -> None:
    """Print the summary, what was held back, and what to try next."""
    from rich.text import Text

    console.print(Text(_title(summary), style="bold"))
    table = grid()
    for name, value in summary_rows(summary):
        table.add_row(Text(name, style="cyan"), Text(plain(value)))
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


def _title(summary: "RunSummary") -> str:
    if summary.status == "nothing_new":
        return f"Nothing to do: 0 new. {summary.warehouse} is as it was"
    return f"Published to {summary.warehouse}"


def next_commands() -> Sequence[str]:
    """Commands worth trying after a run."""
    return (
        'newsmill query "SELECT category, count(*) FROM article GROUP BY category"',
        "newsmill report",
        "newsmill query --list",
        "newsmill serve",
    )


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
    line = Text(plain(text.removeprefix("\n")), style="bold")
    stdout_console().print(line, soft_wrap=True)


def say(text: object) -> None:
    """One line on stdout, whatever the text holds."""
    typer.echo(plain(text, limit=2000))


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
    return f"{value:.4g}" if isinstance(value, float) else plain(value)


_MARKDOWN: Final = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()<>#+-!|~"})


def markdown_text(text: object) -> str:
    """Text that stays text inside a Markdown table."""
    return plain(text).translate(_MARKDOWN)


def summary_markdown(
    summary: "RunSummary", not_passed: Sequence[Mapping[str, object]] = ()
) -> str:
    """The summary as Prefect shows it beside the run.

    Args:
        summary: Of the run.
        not_passed: Its checks that did not pass, as the report `quality` has them.
    """
    lines = [f"# {markdown_text(_title(summary))}", ""]
    lines += ["| what | how much |", "|---|---|"]
    lines += [
        f"| {markdown_text(name)} | {markdown_text(value)} |"
        for name, value in summary_rows(summary)
        if name != "warning" or not not_passed
    ]
    if not_passed:
        lines += ["", "## Checks that did not pass", ""]
        lines += [
            "- {code}, {observed}: {description}. {runbook}".format_map(
                {name: markdown_text(value) for name, value in check.items()}
            )
            for check in not_passed
        ]
    if len(summary.held_back):
        lines += [
            "",
            "## Held back",
            "",
            "| reason | detail | where |",
            "|---|---|---|",
        ]
        lines += [
            "| " + " | ".join(
                markdown_text(row[name] or "")
                for name in ("reason_code", "detail", "path")
            ) + " |"
            for row in summary.held_back.head(100).to_dicts()
        ]  # fmt: skip
    return "\n".join(lines) + "\n"
