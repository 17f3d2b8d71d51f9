"""Rows as text that is inert wherever it lands: spreadsheet, terminal, Markdown, JSON.

Standard library alone, so that the process that answers a query starts fast.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from textwrap import fill
from typing import Any, Final

from transforms.text.inert import csv_text, json_text, markdown_cell, table_cell

Row = Sequence[Any]


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    PARQUET = "parquet"


_TYPED: Final = (bool, int, float, Decimal, date, datetime, time)
_NUMBERS: Final = (int, float, Decimal)
# Beyond this, clients that know no whole numbers but doubles round.
_EXACT_MAX: Final = (1 << 53) - 1
# Keys of days are short: YYYYMMDD.
_KEY: Final = re.compile(r"(?:.*_)?(?<!date_)(?<!from_)(?<!to_)key")
_COLUMN_WIDTH_MIN: Final = 8
_CELL_WIDTH_MAX: Final = 120


def unique_names(names: Iterable[str]) -> list[str]:
    """Column names, a number behind those that were given before.

    Example:
        >>> unique_names(["a", "b", "a"])
        ['a', 'b', 'a_2']
    """
    given: list[str] = []
    for name in names:
        number, candidate = 1, name
        while candidate in given:
            number += 1
            candidate = f"{name}_{number}"
        given.append(candidate)
    return given


def render(
    form: Format, names: Sequence[str], rows: Iterable[Row], width: int | None = None
) -> Iterator[str]:
    """Write rows as text, piece by piece.

    Args:
        form: Any format but Parquet.
        names: One per column.
        rows: Python values as DuckDB gives them.
        width: Columns of the terminal, for the table; None leaves cells as they are.

    Returns:
        Pieces of text, lines ended by LF.
    """
    if form is Format.CSV:
        return _csv(names, rows)
    if form is Format.JSONL:
        return (f"{line}\n" for line in _json_objects(names, rows))
    if form is Format.JSON:
        return _json_array(names, rows)
    if form is Format.MARKDOWN:
        return _markdown(names, rows)
    return _table(names, rows, width)


def is_key(name: str) -> bool:
    """Whether a column of that name holds keys of 63 bits, which are written as text.

    Example:
        >>> [is_key(name) for name in ("article_key", "key", "published_date_key")]
        [True, True, False]
    """
    return _KEY.fullmatch(name) is not None


def _csv(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    are_keys = [is_key(name) for name in names]
    yield ",".join(_csv_cell(name) for name in names) + "\n"
    for row in rows:
        cells = zip(row, are_keys, strict=True)
        yield ",".join(_csv_cell(value, is_text=key) for value, key in cells) + "\n"


def _csv_cell(value: object, *, is_text: bool = False) -> str:
    if value is None:
        return ""  # unquoted, unlike the empty string
    if isinstance(value, _TYPED) and not is_text:
        return _as_text(value)
    quoted = csv_text(_as_text(value)).replace('"', '""')
    return f'"{quoted}"'


def _as_text(value: object) -> str:
    """One value as text; nested ones as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime | time):
        return (
            value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        )
    if isinstance(value, list | tuple | dict):
        return inert_json(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value)


def inert_json(value: object) -> str:
    r"""JSON that moves and hides nothing on a terminal, and means the same.

    Keys, and all whole numbers that a client may round, are written as text.

    Example:
        >>> inert_json({"a": "\u202e"})
        '{"a": "\\u202e"}'
        >>> inert_json({"article_key": 7, "n": 7})
        '{"article_key": "7", "n": 7}'
    """
    return json_text(
        json.dumps(_json_value(value), ensure_ascii=False, allow_nan=False)
    )


def _json_value(value: object, name: str = "") -> object:
    if isinstance(value, dict):
        return {
            _as_text(key): _json_value(inner, _as_text(key))
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_json_value(inner) for inner in value]
    if isinstance(value, _NUMBERS) and not isinstance(value, bool):
        return _json_number(value, name)
    if value is None or isinstance(value, str | bool):
        return value
    return _as_text(value)


def _json_number(value: float | Decimal, name: str) -> float | str | None:
    if isinstance(value, int):
        return str(value) if abs(value) > _EXACT_MAX or is_key(name) else value
    number = float(value)
    # JSON has no word for what is not finite.
    return number if number - number == 0 else None


def _json_objects(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    keys = unique_names(names)
    return (inert_json(dict(zip(keys, row, strict=True))) for row in rows)


def _json_array(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    between = "[\n"
    for line in _json_objects(names, rows):
        yield f"{between}{line}"
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _markdown(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield _markdown_line(names)
    yield "|" + " --- |" * len(names) + "\n"
    for row in rows:
        yield _markdown_line(row)


def _markdown_line(row: Row) -> str:
    return "|" + "".join(f" {_markdown_cell(value)} |" for value in row) + "\n"


def _markdown_cell(value: object) -> str:
    if value is None:
        return ""
    return markdown_cell(_as_text(value))


def _table(
    names: Sequence[str], rows: Iterable[Row], width: int | None
) -> Iterator[str]:
    is_number = [True] * len(names)
    lines = [[table_cell(name) for name in names]]
    for row in rows:
        lines.append([_table_cell(value) for value in row])
        is_number = [
            known and (value is None or isinstance(value, _NUMBERS))
            for known, value in zip(is_number, row, strict=True)
        ]
    widths = [max(map(_shown_width, column)) for column in zip(*lines, strict=True)]
    widths = _fit(widths, [_least_width(name) for name in lines[0]], width)
    yield _table_line(lines[0], widths, is_number)
    yield "  ".join("─" * column for column in widths) + "\n"
    for line in lines[1:]:
        yield _table_line(line, widths, is_number)
    if left_out := lines[0][len(widths) :]:
        told = f"Not shown: {', '.join(left_out)}; see --format"
        yield f"\n{fill(told, width or _CELL_WIDTH_MAX, break_long_words=False)}\n"


def _table_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return table_cell(_as_text(value))


def _table_line(line: list[str], widths: list[int], is_number: list[bool]) -> str:
    shown = len(widths)
    cells = [
        _padded(cell, width, at_right=right)
        for cell, width, right in zip(
            line[:shown], widths, is_number[:shown], strict=True
        )
    ]
    return "  ".join(cells).rstrip() + "\n"


def _padded(cell: str, width: int, *, at_right: bool) -> str:
    cell = _cut(cell, width)
    blank = " " * (width - _shown_width(cell))
    return blank + cell if at_right else cell + blank


def _cut(cell: str, width: int) -> str:
    if _shown_width(cell) <= width:
        return cell
    kept, used = [], 1  # the ellipsis
    for character in cell:
        used += _shown_width(character)
        if used > width:
            break
        kept.append(character)
    return "".join(kept) + "…"


def _shown_width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(character) in {"Mn", "Me"}
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def _least_width(name: str) -> int:
    """A name stays whole; the expression that stands for one may be cut."""
    return _shown_width(name) if name.isidentifier() else _COLUMN_WIDTH_MIN


def _fit(widths: list[int], least: list[int], width: int | None) -> list[int]:
    """Narrow the widest columns until the line fits; then leave out the last ones."""
    fitted = [
        max(min(column, _CELL_WIDTH_MAX), min(column, small))
        for column, small in zip(widths, least, strict=True)
    ]
    if width is None:
        return fitted
    least = [
        min(column, max(small, _COLUMN_WIDTH_MIN))
        for column, small in zip(widths, least, strict=True)
    ]
    while len(least) > 1 and _line_width(least) > width:
        least.pop()
    del fitted[len(least) :]
    while _line_width(fitted) > width and fitted != least:
        widest = max(
            column
            for column, small in zip(fitted, least, strict=True)
            if column > small
        )
        fitted[fitted.index(widest)] -= 1
    return fitted


def _line_width(widths: list[int]) -> int:
    return sum(widths) + 2 * (len(widths) - 1)
