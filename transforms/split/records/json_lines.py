"""Records of one JSON Lines file, each value with its place in the text.

`json.loads` does not say where a value stood, so an object is walked name by name, and
each name and value is decoded by itself.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from transforms.contracts import ReasonCode
from transforms.text.field_names import FIELD_NAMES, simplify_name

JSON_SPACE: Final = " \t\n\r"
_BOM: Final = "\ufeff"
_OPTIONAL: Final = ("id", "source", "author", "date", "url")
_REPLACED: Final = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_TIDIED: Final = {
    **_REPLACED,
    **dict.fromkeys([*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029], " "),
}


def _no_number(_: str) -> None:
    """NaN and Infinity, which some writers put where nothing is known."""


# Numbers stay as they are written: an id of thirty digits is not rounded.
_DECODER: Final = json.JSONDecoder(
    strict=False, parse_int=str, parse_float=str, parse_constant=_no_number
)


class Value(NamedTuple):
    """A value and the characters of the line that it stands in, quotes left out."""

    content: Any
    start: int
    end: int
    is_text: bool


_NO_TITLE: Final = Value("", 0, 0, is_text=True)


class Record(NamedTuple):
    """One article as it came.

    Attributes:
        start: Character of the document where the object begins.
        end: Where it ends.
        title: Offsets in the document; empty where it has none.
        text: Offsets in the document.
        fields: id, source, author, date, url; None where there is none.
    """

    start: int
    end: int
    title: Value
    text: Value
    fields: tuple[str | None, ...]


@dataclass(frozen=True)
class BadRecord:
    """A span of the document that holds no article, and why."""

    start: int
    end: int
    reason_code: ReasonCode
    detail: str


class _RecordError(ValueError):
    def __init__(self, detail: str, reason: ReasonCode) -> None:
        super().__init__(detail)
        self.detail, self.reason = detail, reason


def _invalid(detail: str) -> _RecordError:
    return _RecordError(detail, ReasonCode.INVALID_RECORD)


def find_json_lines(text: str) -> Iterator[tuple[int, int]]:
    """Spans of lines that are not blank.

    Only LF and CR end a line: all other breaks may stand inside a JSON string.
    """
    start = 1 if text.startswith(_BOM) else 0
    for line in text[start:].replace("\r", "\n").split("\n"):
        if line and not line.isspace():
            yield start, start + len(line)
        start += len(line) + 1


def read_records(line: str, offset: int) -> Iterator[Record | BadRecord]:
    """Records of one line: one, or those of a JSON array.

    An array is read whether it stands in one line or has one object per line, so
    brackets and commas around objects are passed over.

    Args:
        line: One line without its break.
        offset: Character of the document where the line begins.

    Yields:
        Records in order. What is left of a line after a mistake is one BadRecord.
    """
    at, last = _skip(line, 0), len(line.rstrip(JSON_SPACE))
    while at < last:
        try:
            values, end = _read_object(line, at)
        except _RecordError as error:
            yield BadRecord(offset + at, offset + last, error.reason, error.detail)
            return
        after = _skip(line, end)
        if after < last and line[after] not in ",]":
            yield BadRecord(
                offset + at,
                offset + last,
                ReasonCode.INVALID_RECORD,
                "something follows the object",
            )
            return
        try:
            yield _make_record(values, (offset + at, offset + end), offset)
        except _RecordError as error:
            yield BadRecord(offset + at, offset + end, error.reason, error.detail)
        at = _skip_brackets(line, after)


def _skip(line: str, at: int) -> int:
    """Place of the next character that is no space, nor the start of an array."""
    while at < len(line) and line[at] in JSON_SPACE:
        at += 1
    return _skip_brackets(line, at) if line[at : at + 1] in ("[", "]") else at


def _skip_brackets(line: str, at: int) -> int:
    while at < len(line) and line[at] in " \t\n\r,[]":
        at += 1
    return at


def _skip_space(line: str, at: int) -> int:
    """Place of the next character that is no space.

    Raises:
        IndexError: There is none.
    """
    while line[at] in JSON_SPACE:
        at += 1
    return at


def _read_object(line: str, at: int) -> tuple[dict[str, Value], int]:
    """Values of the known names of the object at `at`, and where it ends."""
    if line[at] != "{":
        raise _invalid("expected an object in braces")
    try:
        return _read_members(line, at + 1)
    except IndexError as error:
        raise _invalid("cut off") from error
    except RecursionError as error:
        raise _invalid("nested too deeply") from error
    except json.JSONDecodeError as error:
        said = error.msg.removesuffix(" starting at")  # no position follows
        raise _invalid(f"not JSON: {said}") from error


def _read_members(line: str, at: int) -> tuple[dict[str, Value], int]:
    values: dict[str, Value] = {}
    others: dict[str, Value] = {}
    at = _skip_space(line, at)
    if line[at] == "}":
        return values, at + 1
    while True:
        name, at = _read_name(line, at)
        is_text = line[at] == '"'
        content, end = _DECODER.raw_decode(line, at)
        field = FIELD_NAMES.get(name) or FIELD_NAMES.get(simplify_name(name))
        if field is not None:
            value = Value(content, at + is_text, end - is_text, is_text)
            if name != field:  # another name of it gives way to its own
                others.setdefault(field, value)
            elif values.setdefault(name, value).content != content:
                raise _invalid(f'two different values of "{name}"')
        at = end if line[end] in ",}" else _skip_space(line, end)
        if line[at] == "}":
            return others | values, at + 1
        if line[at] != ",":
            raise _invalid("expected a comma between two members")
        at = _skip_space(line, at + 1)


def _read_name(line: str, at: int) -> tuple[str, int]:
    """Name at `at`, and the place of its value."""
    if line[at] != '"':
        raise _invalid("expected a name in double quotes")
    name, at = _DECODER.raw_decode(line, at)
    if line[at] != ":":
        at = _skip_space(line, at)
        if line[at] != ":":
            raise _invalid("expected a colon after a name")
    return name, _skip_space(line, at + 1)


def _make_record(
    values: dict[str, Value], span: tuple[int, int], offset: int
) -> Record:
    title = _read_text(values, "title", offset) or _NO_TITLE
    text = _read_text(values, "text", offset)
    if text is None:
        raise _RecordError('"text" holds no letter and no digit', ReasonCode.NO_BODY)
    fields = tuple(
        _read_field(values[name]) if name in values else None for name in _OPTIONAL
    )
    return Record(*span, title, text, fields)


def _read_text(values: dict[str, Value], name: str, offset: int) -> Value | None:
    """A title or text in its document, None where it holds no letter and no digit."""
    value = values.get(name)
    if value is None or (value.content is None and not value.is_text):
        return None
    if not value.is_text:
        raise _invalid(f'"{name}" is no text in double quotes')
    if not any(map(str.isalnum, value.content)):
        return None
    return value._replace(
        content=replace_surrogates(value.content),
        start=value.start + offset,
        end=value.end + offset,
    )


def replace_surrogates(text: str) -> str:
    r"""The text with U+FFFD for halves of characters (`"\ud800"`), one for one."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.translate(_REPLACED)
    return text


def _read_field(value: Value) -> str | None:
    """A field as one line of text; lists are joined, objects give their name."""
    content = value.content
    if isinstance(content, list):
        names = [name for item in content if (name := _name_of(item))]
        return "; ".join(names) or None
    return _name_of(content)


def _name_of(content: Any) -> str | None:  # noqa: ANN401 - whatever JSON holds
    if isinstance(content, dict):
        content = content.get("name")
    if not isinstance(content, str):
        return None
    if not content.isprintable():
        content = content.translate(_TIDIED)
    return content.strip() or None
