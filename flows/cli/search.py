"""`newsmill search`: full text, ranked."""

import shutil
import sys
from typing import Annotated, Final

import typer

from flows.cli.options import (
    CheckedCommand,
    SinceOption,
    WarehouseOption,
    warehouse_path,
)

_FORMATS: Final = ["table", "csv", "json", "jsonl", "markdown"]
_MOST_ARTICLES: Final = 10_000
_ALL: Final = (
    "article_key",
    "article_id",
    "score",
    "published_date",
    "source",
    "category",
    "title",
    "sentence",
    "url",
    "file_name",
    "char_start",
)
# What each format shows, and which value that is.
_COLUMNS: Final = {
    "table": {
        "date": "published_date",
        "source": "source",
        "label": "category",
        "title": "title",
        "sentence": "extract",
        "file": "file_name",
        "place": "char_start",
        "article": "short_id",
    },
    "json": {name: name for name in (*_ALL, "marks")},
    "jsonl": {name: name for name in (*_ALL, "marks")},
    "all": {name: "marked" if name == "sentence" else name for name in _ALL},
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(cls=CheckedCommand)(search)


def search(
    words: Annotated[
        list[str],
        typer.Argument(
            help='Words, "phrases", AND, OR, NOT, ( ), category:, source:, since:, '
            "until:.",
            metavar="WORDS",
        ),
    ],
    *,
    warehouse: WarehouseOption = None,
    category: Annotated[
        list[str] | None,
        typer.Option(help="Only articles with this label. May be repeated."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(help="Only articles of this publisher. May be repeated."),
    ] = None,
    since: SinceOption = None,
    until: Annotated[
        str | None,
        typer.Option(help="Last day, which is included: a day, a month, or a year."),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            help="How many articles to show at most.", min=1, max=_MOST_ARTICLES
        ),
    ] = 20,
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            help="table, csv, json, jsonl, or markdown.",
            autocompletion=lambda: _FORMATS,
        ),
    ] = "table",
) -> None:
    """Find articles by their words, best first, with the sentence that fits best.

    Words next to each other must all be there; AND binds closer than OR. Other forms of
    an English or Russian word are found too.
    """
    from flows.jobs.search import search_articles
    from transforms.errors import UsageError
    from transforms.text.closest import did_you_mean
    from warehouse.read.formats import Format, render

    if output_format not in _FORMATS:
        raise UsageError(
            f"--format: got {output_format!r}, expected one of {', '.join(_FORMATS)}",
            did_you_mean(output_format, _FORMATS),
        )
    fields = [
        *(("category", value) for value in category or ()),
        *(("source", value) for value in source or ()),
        *(
            (name, value)
            for name, value in (("since", since), ("until", until))
            if value
        ),
    ]
    narrowed = [f'{name}:"{_unquoted(name, value)}"' for name, value in fields]
    rows = search_articles(
        warehouse_path(warehouse), " ".join([*words, *narrowed]), limit
    )
    if not rows:
        typer.echo("newsmill: no article has these words", err=True)
    columns = _COLUMNS[output_format if output_format in _COLUMNS else "all"]
    cells = ([row[name] for name in columns.values()] for row in rows)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for piece in render(Format(output_format), list(columns), cells, width):
        typer.echo(piece, nl=False)


def _unquoted(name: str, value: str) -> str:
    from transforms.errors import UsageError

    if '"' in value:
        raise UsageError(f"--{name}: got {value!r}, expected no quotation marks")
    return value
