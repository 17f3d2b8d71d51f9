"""Options that several commands share, and what every word of a command must be."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from flows.settings import load_settings
from transforms.errors import UsageError
from warehouse.landing.paths import parse_path

# More rows than any list shows, and less than a database's whole numbers hold.
MOST_ROWS: Final = 1_000_000_000


def path(word: str | Path) -> Path:
    """Read a path of the command line, which the empty word is not."""
    try:
        return parse_path(word)
    except ValueError as error:
        raise typer.BadParameter(f"got {word!r}, expected a path") from error


WarehouseOption = Annotated[
    Path | None,
    typer.Option(
        "--warehouse",
        help="The DuckDB file to use; warehouse/newsmill.duckdb by default.",
        metavar="FILE",
        parser=path,
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        help="Write here: a new file, or any with --force.",
        metavar="FILE",
        parser=path,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object instead of tables.")
]
ForceOption = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Replace a file that is already there, but never an input or a warehouse.",
    ),
]
SinceOption = Annotated[
    str | None,
    typer.Option(help="First day: a day, a month, or a year, such as 2022-01."),
]


def warehouse_path(warehouse: Path | None) -> Path:
    """The warehouse that a reading command is about."""
    return load_settings(warehouse=warehouse).warehouse


class CheckedCommand(TyperCommand):
    """A command whose texts are text, and that takes a comment in SQL for a word."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        """Read the words as Typer does, and refuse what no command can mean."""
        rest = super().parse_args(ctx, [_as_value(word) for word in args])
        _require_text(ctx)
        return rest


class CheckedGroup(TyperGroup):
    """A group of commands that has options of its own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        """Read the words as Typer does, and refuse what no command can mean."""
        rest = super().parse_args(ctx, args)
        _require_text(ctx)
        return rest


def _require_text(context: typer.Context) -> None:
    """Raise unless what is given as text is text; paths may be any bytes."""
    for param in context.command.params:
        given = context.params.get(str(param.name))
        for word in given if isinstance(given, list) else [given]:
            try:
                if isinstance(word, str):
                    word.encode()
            except UnicodeEncodeError as error:
                raise UsageError(
                    f"{param.opts[0]}: got {word!r}, expected text in UTF-8",
                    f"See `{context.command_path} --help`",
                ) from error


def require_words(words: Sequence[str]) -> None:
    """Raise UsageError for an empty word: a variable of the shell was not set."""
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if not word or (name.startswith("--") and equals and not value):
            before = words[at - 1] if at else "newsmill"
            raise UsageError(
                f"got an empty word after {name or before!r}, expected a value",
                "Give one, or leave the word out; is a variable of the shell unset?",
            )


def _as_value(word: str) -> str:
    """A word that begins as an option does, but cannot be one, as no option.

    A question in SQL may begin with a comment. No name of an option holds a blank.
    """
    name, _, _ = word.partition("=")
    is_option = not word.startswith("--") or len(name.split()) == 1
    return word if is_option or word == "--" else f" {word}"
