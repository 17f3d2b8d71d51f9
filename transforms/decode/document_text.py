"""Text of one document whose bytes are not plain UTF-8, or the reason why it has none.

Strict readings come first, then the likeliest one.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Final, TypedDict

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.contracts import InputKind, ReasonCode
from transforms.decode.foreign_formats import (
    FORMAT_HEAD_BYTES,
    explain_foreign_format,
    name_foreign_format,
)
from transforms.decode.readers.error_pages import find_error
from transforms.decode.readers.extracted import Member, UnreadableError
from transforms.decode.readers.formats import InputFormat, find_format
from transforms.decode.single_byte_encodings import guess_encoding
from transforms.decode.utf8_kernels import Utf8Lines, describe_lines
from transforms.reference import read_version
from transforms.text.buffers import ByteArray, buffer_documents
from transforms.text.lines import find_lines

REPLACEMENT: Final = "\ufffd"
# A line is lost when more than three characters, and more than one in twenty, are
# unknown, or most of it is; otherwise it can be read, and only counts its losses.
LOST_MIN_COUNT: Final = 4
LOST_MIN_RATIO: Final = 0.05
LOST_MOST_RATIO: Final = 0.5
MAX_CONTROL_RATIO: Final = 0.01
MAX_NUL_RATIO: Final = 0.002
UTF16_MIN_NUL_RATIO: Final = 0.05
MIN_UTF8_BYTES: Final = 6

PLAIN_FORMATS: Final = {InputKind.DIGEST: "text", InputKind.RECORDS: "json lines"}

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNIT_TYPES: Final = {"utf-16-le": "<u2", "utf-16-be": ">u2"}
_IS_CONTROL: Final = np.array(
    [byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in range(256)]
)
_VISIBLE: Final = re.compile(r"[^\s\ufeff\u200b\0]")


class HeldLine(TypedDict):
    """A line that could not be read: its place in characters, and why."""

    char_start: int
    char_end: int
    detail: str


@dataclass(frozen=True)
class DocumentText:
    """What is in a document.

    Attributes:
        text: Null where there is none to read, for the reason given.
        encoding: As Python names it.
        replaced_count: Characters that became U+FFFD.
        held: Lines of the text that could not be read.
        reason_code: A `ReasonCode`, null where there is a text.
        detail: The reason in words.
        kind: `InputKind`; of a document in another format, what its reader gave.
        format: A plain one of `PLAIN_FORMATS`, or the name of a reader's.
        extractor: Library and version that read it, null for plain text.
        members: Documents inside, each to be read as one of its own.
        dated: The day that the document says it is of, as a mail when it was sent.
    """

    text: str | None = None
    encoding: str = "utf-8"
    replaced_count: int = 0
    held: list[HeldLine] = field(default_factory=list)
    reason_code: str | None = None
    detail: str | None = None
    kind: str = InputKind.DIGEST
    format: str = "text"
    extractor: str | None = None
    members: tuple[Member, ...] = ()
    dated: date | None = None


def decode_document(
    content: bytes,
    kind: str = InputKind.DIGEST,
    extension: str = "",
    columns: Mapping[str, str] | None = None,
) -> DocumentText:
    """Read the bytes by their format's reader, else in the encodings of plain text.

    Args:
        content: All bytes of the document.
        kind: What its name says that it is; a reader knows better.
        extension: Of its name, without the dot.
        columns: Field by the name of its column in a table.
    """
    known = find_format(content, extension)
    if known is not None:
        document = _extract(content, known, columns)
    else:
        foreign = name_foreign_format(content[:FORMAT_HEAD_BYTES])
        if foreign:
            reason, detail = explain_foreign_format(content, foreign)
            return DocumentText(reason_code=reason, detail=detail)
        document = replace(
            _decode(content), kind=kind, format=PLAIN_FORMATS[InputKind(kind)]
        )
    if document.text is not None and not _VISIBLE.search(document.text):
        return replace(document, text=None, held=[], reason_code=ReasonCode.EMPTY)
    return document


def _extract(
    content: bytes, known: InputFormat, columns: Mapping[str, str] | None
) -> DocumentText:
    document = DocumentText(format=known.name, extractor=known.extractor)
    try:
        options = (columns,) if known.extensions else ()
        extracted = known.read(content, *options)
    except UnreadableError as error:
        return replace(
            document, reason_code=error.reason_code.value, detail=error.detail
        )
    said = find_error(extracted.text)
    if said is not None:
        return replace(
            document,
            reason_code=ReasonCode.NO_ARTICLES,
            detail=f'it says "{said}" instead of articles',
        )
    return replace(
        document,
        text=extracted.text,
        kind=extracted.kind,
        format=extracted.format_name or known.name,
        extractor=read_version(extracted.library or known.library),
        members=extracted.members,
        dated=extracted.dated,
    )


def _decode(content: bytes) -> DocumentText:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode_damaged(content, encoding)
    data = np.frombuffer(content, dtype=np.uint8)
    unmarked = _find_unmarked_utf16(content, data)
    if unmarked is not None:
        return _decode_damaged(content, unmarked)
    if _is_binary(data):
        return DocumentText(
            reason_code=ReasonCode.BINARY,
            detail="control bytes of no text: save its text as a file of its own",
        )
    return _decode_bytes(content, data)


def _find_unmarked_utf16(content: bytes, data: ByteArray) -> str | None:
    """Name of UTF-16 in its order of bytes: zeros at every second place, few beside."""
    if len(data) < 2:
        return None
    even, odd = float((data[0::2] == 0).mean()), float((data[1::2] == 0).mean())
    if max(even, odd) < UTF16_MIN_NUL_RATIO or min(even, odd) > MAX_NUL_RATIO:
        return None
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    units = np.frombuffer(content[: len(content) // 2 * 2], dtype=_UNIT_TYPES[encoding])
    is_text = _is_unit_of_text()[units].mean() >= 1 - MAX_CONTROL_RATIO
    return encoding if is_text else None


@cache
def _is_unit_of_text() -> npt.NDArray[np.bool_]:
    """Per UTF-16 unit whether it is a letter, sign, space, or half of a pair."""
    return np.array(
        [
            chr(unit).isprintable()
            or chr(unit) in "\r\n\t\f\ufeff\xa0\xad\u2028\u2029"
            or 0xD800 <= unit < 0xE000
            for unit in range(1 << 16)
        ]
    )


def _is_binary(data: ByteArray) -> bool:
    return bool(
        (data == 0).sum() > MAX_NUL_RATIO * len(data)
        or _IS_CONTROL[data].sum() > MAX_CONTROL_RATIO * len(data)
    )


def _decode_bytes(content: bytes, data: ByteArray) -> DocumentText:
    """The document in UTF-8 with a few bad bytes, or in a single-byte encoding."""
    lines = describe_lines(data)
    is_bad = lines.bad_bytes > 0
    if not is_bad.any():
        return DocumentText(content.decode("utf-8"))
    if _is_damaged_utf8(lines) or _is_cut_off(content):
        return _decode_damaged(content, "utf-8")
    sizes = lines.ends - lines.starts
    is_utf8 = ~is_bad & (lines.high_bytes >= MIN_UTF8_BYTES)
    guess = guess_encoding(data[~np.repeat(is_utf8, sizes)].tobytes())
    if guess.is_credible:
        return _decode_single_bytes(content, guess.encoding, lines, is_utf8)
    if 2 * sizes[is_bad].sum() <= sizes.sum():
        return _decode_damaged(content, "utf-8")
    return DocumentText(
        reason_code=ReasonCode.UNKNOWN_ENCODING,
        detail=f"neither UTF-8 nor 16 nor 32; most like {guess.encoding}",
    )


def _is_damaged_utf8(lines: Utf8Lines) -> bool:
    """Whether what is no UTF-8 is damage, not another encoding.

    By chance, text in a single-byte encoding has at most a valid sequence for every
    four bytes that are none, and hardly a line of nothing but valid ones.
    """
    is_bad = lines.bad_bytes > 0
    is_good = ~is_bad & (lines.sequences > 0)
    return bool(
        lines.sequences.sum() >= lines.bad_bytes.sum()
        or lines.high_bytes[~is_bad].sum() >= 2 * lines.high_bytes[is_bad].sum()
        or is_good.sum() > is_bad.sum()
    )


def _is_cut_off(content: bytes) -> bool:
    """Whether all but a half character at the end is UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        return False
    return True


def _decode_damaged(content: bytes, encoding: str) -> DocumentText:
    """The document in UTF-8, 16, or 32, what is none of it replaced.

    Lines that lost too much are held.
    """
    text = content.decode(encoding, "replace")
    kept_count = content.decode(encoding, "ignore").count(REPLACEMENT)
    replaced_count = text.count(REPLACEMENT) - kept_count
    held = _find_lost_lines(text) if replaced_count else []
    return DocumentText(text, encoding, replaced_count, held)


def _decode_single_bytes(
    content: bytes, encoding: str, lines: Utf8Lines, is_utf8: npt.NDArray[np.bool_]
) -> DocumentText:
    """The document in one encoding; lines that are UTF-8 in truth are held.

    One byte is one character here, so places need no conversion.
    """
    text = content.decode(encoding, "replace")
    detail = f"UTF-8 in a document in {encoding}"
    held = [
        HeldLine(char_start=int(start), char_end=int(end), detail=detail)
        for start, end in zip(lines.starts[is_utf8], lines.ends[is_utf8], strict=True)
    ]
    return DocumentText(text, encoding, text.count(REPLACEMENT), held)


def _find_lost_lines(text: str) -> list[HeldLine]:
    """Lines of which too much is unknown, as spans with their breaks left out."""
    lines = find_lines(buffer_documents(pl.DataFrame({"text": [text]}))).with_columns(
        chars=pl.col("char_end") - pl.col("char_start"),
        lost=pl.col("text").str.count_matches(REPLACEMENT, literal=True),
    )
    lost = lines.filter(
        (pl.col("lost") >= LOST_MIN_COUNT)
        & (pl.col("lost") > LOST_MIN_RATIO * pl.col("chars"))
        | (pl.col("lost") > LOST_MOST_RATIO * pl.col("chars"))
    )
    return [
        HeldLine(
            char_start=line["char_start"],
            char_end=line["char_end"],
            detail=f"{line['lost']} of {line['chars']} characters are unknown",
        )
        for line in lost.iter_rows(named=True)
    ]
