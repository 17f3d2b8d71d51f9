"""Text of each document: strict first, then the likeliest reading, then a reject.

Valid UTF-8, which is nearly everything, is checked and taken over in bulk; only what
is left is looked at one document at a time. Nothing is repaired here: line breaks,
controls, and a byte order mark stay as they stand.
"""

import codecs
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.contracts import DOCUMENTS, HELD_SPANS, REJECTS, ReasonCode
from transforms.decode.foreign_formats import name_foreign_format
from transforms.decode.single_byte_encodings import guess_encoding
from transforms.decode.utf8_kernels import describe_lines
from transforms.text.buffers import ByteArray, Offsets, TextBuffer, buffer_documents
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

_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNIT_TYPES: Final = {"utf-16-le": "<u2", "utf-16-be": ">u2"}
_LITERAL_REPLACEMENT: Final = REPLACEMENT.encode()
_IS_CONTROL: Final = np.array(
    [byte < 32 and byte not in (9, 10, 11, 12, 13, 27) for byte in range(256)]
)
_INKLESS: Final = "\ufeff\u200b\0"
_INK: Final = r"[^\s\x{FEFF}\x{200B}\x00]"


class Decoded(NamedTuple):
    """DOCUMENTS, HELD_SPANS, and REJECTS of a batch."""

    documents: pl.DataFrame
    held_spans: pl.DataFrame
    rejects: pl.DataFrame


@dataclass(frozen=True)
class _Reading:
    """One document as text, or the reason why it is none."""

    text: str | None = None
    encoding: str = "utf-8"
    replaced_count: int = 0
    held: list[tuple[int, int, str]] = field(default_factory=list)
    reason_code: str | None = None
    detail: str | None = None


def decode_documents(landed: pl.DataFrame) -> Decoded:
    """Decode the bytes of each document.

    Tried in this order: UTF-32 and UTF-16 by their marks, UTF-16 by its pattern of
    zeros, UTF-8, UTF-8 with a few bad bytes (each bad sequence becomes U+FFFD and is
    counted), and the single-byte encodings of `single_byte_encodings`. Lines that are
    in another encoding than the rest, or have lost too much, are held.

    Args:
        landed: One row per document: `document_id`, `path`, `file_name`, `byte_size`,
            `kind`, and `content` (bytes, unpacked).

    Returns:
        `documents` in order of `document_id`; `held_spans` of lines that could not be
        read; `rejects` for documents that are empty, no text, or in no known encoding.
    """
    ordered = landed.sort("document_id")
    read = _read_all(ordered)
    is_text = pl.col("reason_code").is_null()
    documents = (
        read.filter(is_text)
        .with_columns(char_count=pl.col("text").str.len_chars().cast(pl.Int64))
        .drop("document_row", strict=False)
        .with_row_index("document_row")
    )
    held = (
        documents.lazy()
        .select("document_row", "held")
        .explode("held", empty_as_null=False)
        .drop_nulls("held")
        .unnest("held")
        .with_columns(reason_code=pl.lit(ReasonCode.UNDECODABLE_BYTES))
        .select(list(HELD_SPANS))
        .collect()
    )
    rejects = read.filter(~is_text).with_columns(
        char_start=None, char_end=None, stage=pl.lit("decode")
    )
    return Decoded(
        documents.select(list(DOCUMENTS)),
        held,
        rejects.select(pl.col(name).cast(dtype) for name, dtype in REJECTS.items()),
    )


_READ_COLUMNS: Final = {
    "text": pl.String(),
    "encoding": pl.String(),
    "replaced_count": pl.Int64(),
    "held": pl.List(
        pl.Struct(
            {"char_start": pl.Int64(), "char_end": pl.Int64(), "detail": pl.String()}
        )
    ),
    "reason_code": pl.String(),
    "detail": pl.String(),
}


def _read_all(landed: pl.DataFrame) -> pl.DataFrame:
    """The rows with the columns of a reading: in bulk, then the rest one by one."""
    texts, suspects = _read_utf8(landed["content"])
    readings = {row: _read(landed["content"][row]) for row in suspects}
    rows = list(readings.values())
    plain = landed.drop("content").with_columns(
        texts.alias("text"),
        encoding=pl.lit("utf-8"),
        replaced_count=pl.lit(0, pl.Int64),
        held=pl.lit([], _READ_COLUMNS["held"]),
        reason_code=pl.lit(None, pl.String),
        detail=pl.lit(None, pl.String),
    )
    if not rows:
        return plain
    others = pl.DataFrame(
        {
            name: pl.Series(
                [
                    [
                        dict(zip(("char_start", "char_end", "detail"), h, strict=True))
                        for h in row.held
                    ]
                    if name == "held"
                    else getattr(row, name)
                    for row in rows
                ],
                dtype=dtype,
            )
            for name, dtype in _READ_COLUMNS.items()
        }
    )
    looked_at = plain[list(readings)].drop(list(_READ_COLUMNS)).hstack(others)
    return pl.concat(
        [
            plain.with_row_index("row")
            .filter(~pl.col("row").is_in(list(readings)))
            .drop("row"),
            looked_at,
        ]
    ).sort("document_id")


def _read_utf8(contents: pl.Series) -> tuple[pl.Series, list[int]]:
    """Texts of the documents that are plain UTF-8, and the rows of all others."""
    texts = _cast_valid(contents)
    is_odd = texts.is_null() | ~texts.str.contains(_INK)
    odd = set(is_odd.arg_true())
    heads = contents.bin.head(512)
    odd.update(
        row for row, head in enumerate(heads) if name_foreign_format(head or b"")
    )
    odd.update(_rows_with_controls(buffer_documents(pl.DataFrame({"text": texts}))))
    return texts, sorted(odd)


def _cast_valid(contents: pl.Series) -> pl.Series:
    """Texts of the contents that are UTF-8, null for the others.

    One bad document fails the cast of its whole frame, so a failing half is halved
    again until it is found.
    """
    try:
        return contents.cast(pl.String)
    except pl.exceptions.ComputeError:
        if len(contents) == 1:
            return pl.Series(contents.name, [None], dtype=pl.String)
        middle = len(contents) // 2
        return _cast_valid(contents[:middle]).append(_cast_valid(contents[middle:]))


def _rows_with_controls(buffer: TextBuffer) -> set[int]:
    """Documents with a byte that no text has, of which UTF-16 without a mark is one."""
    places = np.flatnonzero(buffer.data < 9)
    rows = np.searchsorted(buffer.document_starts, places, side="right") - 1
    return set(np.unique(rows).tolist())


def _read(content: bytes) -> _Reading:
    """Read one document that is not plain UTF-8, or is no text."""
    foreign = name_foreign_format(content[:512])
    if foreign:
        return _Reading(reason_code=ReasonCode.UNSUPPORTED_TYPE, detail=foreign)
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _judge(_read_wide(content, encoding))
    data = np.frombuffer(content, dtype=np.uint8)
    wide = _wide_without_mark(content, data)
    if wide is not None:
        return _judge(wide)
    if _is_binary(data):
        return _Reading(
            reason_code=ReasonCode.BINARY, detail="control bytes of no text"
        )
    return _judge(_read_narrow(content, data))


def _judge(reading: _Reading) -> _Reading:
    """The reading, or a reject when there is nothing to read."""
    if reading.text is None:
        return reading
    if all(char.isspace() or char in _INKLESS for char in reading.text):
        return _Reading(reason_code=ReasonCode.EMPTY)
    return reading


def _read_wide(content: bytes, encoding: str) -> _Reading:
    text = content.decode(encoding, "replace")
    literal = 0
    if REPLACEMENT in text:
        literal = content.decode(encoding, "ignore").count(REPLACEMENT)
    replaced = text.count(REPLACEMENT) - literal
    return _Reading(text, encoding, replaced, _lost_lines(text) if replaced else [])


def _wide_without_mark(content: bytes, data: ByteArray) -> _Reading | None:
    """UTF-16 without its mark: zeros at every second byte, and nearly nowhere else."""
    if len(data) < 2:
        return None
    even, odd = float((data[0::2] == 0).mean()), float((data[1::2] == 0).mean())
    high, low = max(even, odd), min(even, odd)
    if high < UTF16_MIN_NUL_RATIO or low > MAX_NUL_RATIO:
        return None
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    units = np.frombuffer(content[: len(content) // 2 * 2], dtype=_UNIT_TYPES[encoding])
    if _is_readable()[units].mean() < 1 - MAX_CONTROL_RATIO:
        return None
    return _read_wide(content, encoding)


@cache
def _is_readable() -> npt.NDArray[np.bool_]:
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


def _read_narrow(content: bytes, data: ByteArray) -> _Reading:
    """UTF-8 with a few bad bytes, or one of the single-byte encodings."""
    lines = describe_lines(data)
    sizes, high, bad = lines[:, 1] - lines[:, 0], lines[:, 2], lines[:, 4]
    if not bad.any():
        return _Reading(content.decode("utf-8"))
    if _is_utf8_at_heart(lines) or _is_cut_off(content):
        return _read_torn_utf8(content)
    strange = lines[(bad == 0) & (high >= MIN_UTF8_BYTES)]
    guess = guess_encoding(_leave_out(data, strange).tobytes())
    if guess.is_credible:
        return _read_single_byte(content, guess.encoding, strange)
    if 2 * sizes[bad > 0].sum() <= sizes.sum():
        return _read_torn_utf8(content)
    return _Reading(
        reason_code=ReasonCode.UNKNOWN_ENCODING,
        detail=f"neither UTF-8 nor 16 nor 32; most like {guess.encoding}",
    )


def _is_utf8_at_heart(lines: Offsets) -> bool:
    """Whether what is no UTF-8 is damage.

    By chance, text in a single-byte encoding has at most a valid sequence for every
    four bytes that are none, and hardly a line of nothing but valid ones.
    """
    high, good, bad = lines[:, 2], lines[:, 3], lines[:, 4]
    is_bad = bad > 0
    is_good = ~is_bad & (good > 0)
    return bool(
        good.sum() >= bad.sum()
        or high[~is_bad].sum() >= 2 * high[is_bad].sum()
        or is_good.sum() > is_bad.sum()
    )


def _read_torn_utf8(content: bytes) -> _Reading:
    """The document in UTF-8, bad sequences replaced, lines that lost too much held."""
    text = content.decode("utf-8", "replace")
    replaced = text.count(REPLACEMENT) - content.count(_LITERAL_REPLACEMENT)
    return _Reading(text, "utf-8", replaced, _lost_lines(text))


def _leave_out(data: ByteArray, lines: Offsets) -> ByteArray:
    """The bytes without those of some lines."""
    steps = np.zeros(len(data) + 1, dtype=np.int8)
    steps[lines[:, 0]] += 1
    steps[lines[:, 1]] -= 1
    kept: ByteArray = data[np.cumsum(steps[:-1], dtype=np.int8) == 0]
    return kept


def _is_cut_off(content: bytes) -> bool:
    """Whether all but a half character at the end is UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        return False
    return True


def _read_single_byte(content: bytes, encoding: str, strange: Offsets) -> _Reading:
    """The document in one encoding; lines that are UTF-8 in truth are held.

    One byte is one character here, so places need no conversion.
    """
    text = content.decode(encoding, "replace")
    held = [
        (start, end, f"UTF-8 in a document in {encoding}")
        for start, end in strange[:, :2].tolist()
    ]
    return _Reading(text, encoding, text.count(REPLACEMENT), held)


def _lost_lines(text: str) -> list[tuple[int, int, str]]:
    """Lines of which too much is unknown, as spans with their breaks left out."""
    lines = find_lines(buffer_documents(pl.DataFrame({"text": [text]})))
    chars = pl.col("char_end") - pl.col("char_start")
    lost = lines.with_columns(
        lost=pl.col("text").str.count_matches(REPLACEMENT, literal=True)
    ).filter(
        (pl.col("lost") >= LOST_MIN_COUNT) & (pl.col("lost") > LOST_MIN_RATIO * chars)
        | (pl.col("lost") > LOST_MOST_RATIO * chars)
    )
    return [
        (start, end, f"{count} of {end - start} characters are unknown")
        for start, end, count in lost.select(
            "char_start", "char_end", "lost"
        ).iter_rows()
    ]
