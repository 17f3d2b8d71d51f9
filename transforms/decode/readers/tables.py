"""Tables (.csv, .tsv) and arrays (.json) of articles: each row a record."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any, Final

from transforms.contracts import InputKind, ReasonCode
from transforms.decode.readers.extracted import Extracted, UnreadableError
from transforms.decode.readers.lines.markup import decode_markup
from transforms.text.field_names import FIELD_NAMES, simplify_name

# A lead is a text where there is no other.
_LEADS: Final = frozenset(
    {"summary", "abstract", "description", "lead", "snippet", "excerpt"}
    | {"zusammenfassung", "résumé", "resumen", "riassunto", "аннотация"}
)
_LISTS: Final = ("articles", "items", "results", "data", "records", "docs", "news")
_DELIMITERS: Final = ",;\t|"
_SNIFFED_CHARS: Final = 20_000
_MOST_CELL_CHARS: Final = 32_000_000


def is_table(content: bytes) -> bool:
    """Any text: only its name says that it is a table."""
    return bool(content.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"))


def read_table(content: bytes, columns: Mapping[str, str] | None = None) -> Extracted:
    """Each row of a table as a record, its columns known by their usual names.

    Args:
        content: The table.
        columns: Field by the name of its column; before the usual names.

    Raises:
        UnreadableError: No column is known as the text, or a quote is never closed.
    """
    text = decode_markup(content)
    first = text[:_SNIFFED_CHARS].lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(_MOST_CELL_CHARS)
    rows = csv.reader(StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        header = next(rows, [])
        names = name_columns(header, _prefer(columns or {}))
        lines = [
            _dump(
                (name, cell)
                for name, cell in zip(names, row, strict=False)
                if name is not None
            )
            for row in rows
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise UnreadableError(
            ReasonCode.DAMAGED, f"line {rows.line_num}: {error}"
        ) from error
    return _as_records(lines)


def name_columns(
    columns: Iterable[str], fields: Mapping[str, str] = FIELD_NAMES
) -> list[str | None]:
    """The field that each column is, null where it is none.

    Args:
        columns: As the table names them.
        fields: Field by the name of its column, simplified.

    Raises:
        UnreadableError: No column is the text; it says which were found.

    Example:
        >>> name_columns(["Headline", "No.", "Summary", "Body"])
        ['title', None, None, 'text']
    """
    plain = [simplify_name(column) for column in columns]
    names = [fields.get(column) for column in plain]
    if "text" not in names:
        names = [
            "text" if column in _LEADS else name
            for column, name in zip(plain, names, strict=True)
        ]
    if "text" not in names:
        found = ", ".join(column.strip()[:40] for column in columns) or "none"
        raise UnreadableError(
            ReasonCode.INVALID_RECORD,
            f"no column is known as the text; found: {found[:400]}",
        )
    return [
        name if names.index(name) == place else None for place, name in enumerate(names)
    ]


def _prefer(chosen: Mapping[str, str]) -> Mapping[str, str]:
    """The usual names, but for fields of which the user says what they are called."""
    usual = {
        alias: name
        for alias, name in FIELD_NAMES.items()
        if name not in chosen.values()
    }
    return usual | dict(chosen)


def is_json(content: bytes) -> bool:
    """Whether the content begins as an array or an object does."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"[", b"{"}


def read_json(content: bytes, columns: Mapping[str, str] | None = None) -> Extracted:
    """Each object of an array, of a list in an object, or of a line as a record.

    Args:
        content: The objects.
        columns: As `read_table` takes them.

    Raises:
        UnreadableError: It is no JSON, or its objects have no text; says where.
    """
    text = decode_markup(content)
    fields = _prefer(columns or {})
    lines = [
        _dump(zip(name_columns(found, fields), found.values(), strict=True))
        for found in _find_objects(text)
    ]
    return _as_records(lines)


def _find_objects(text: str) -> Iterator[Mapping[str, Any]]:
    decoder, at = json.JSONDecoder(strict=False), 0
    while at < len(text):
        try:
            found, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            raise UnreadableError(
                ReasonCode.DAMAGED, f"character {at}: no JSON: {error}"
            ) from error
        if isinstance(found, dict):
            lists = (
                found[name] for name in _LISTS if isinstance(found.get(name), list)
            )
            found = next(lists, [found])
        yield from (item for item in found if isinstance(item, dict))
        at = end
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1


def _dump(fields: Iterable[tuple[str | None, Any]]) -> str:
    return json.dumps(
        {name: value for name, value in fields if name and value not in (None, "")},
        ensure_ascii=False,
    )


def _as_records(lines: list[str]) -> Extracted:
    if not lines:
        raise UnreadableError(ReasonCode.NO_ARTICLES, "a table without rows")
    return Extracted("\n".join(lines) + "\n", InputKind.RECORDS)
