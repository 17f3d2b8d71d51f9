"""One UTF-8 buffer per batch, its lines, and the way back to character offsets."""

from dataclasses import dataclass
from typing import Final

import numba
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

ByteArray = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]

_LF: Final = 10
_CR: Final = 13
_FIRST_BREAK: Final = 10
_LAST_BREAK: Final = 13
_NEL: Final = (0xC2, 0x85)
_SEPARATOR: Final = (0xE2, 0x80)
_SEPARATOR_ENDS: Final = (0xA8, 0xA9)


@dataclass(frozen=True)
class TextBuffer:
    """The text of all documents of a batch, back to back.

    Attributes:
        data: UTF-8 bytes; may be a read-only view.
        document_starts: One byte offset per document plus the end of the last one.
    """

    data: ByteArray
    document_starts: Offsets


def buffer_documents(documents: pl.DataFrame) -> TextBuffer:
    """Bytes of the column `text`, in row order, with no gap between documents."""
    arrow = documents["text"].rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = pa.array(arrow, type=pa.large_string()).buffers()
    count = len(documents)
    starts = np.frombuffer(offsets, dtype=np.int64, count=count + 1)
    if data is None:
        return TextBuffer(np.zeros(0, dtype=np.uint8), starts)
    return TextBuffer(np.frombuffer(data, dtype=np.uint8), starts)


def slice_text(data: ByteArray, starts: Offsets, ends: Offsets) -> pl.Series:
    """Strings of byte ranges of a buffer; the ranges ascend and do not overlap.

    The gaps between the ranges are skipped by taking every second string of one
    zero-copy view, so the cost is per range, not per byte.
    """
    offsets = np.empty(2 * len(starts) + 1, dtype=np.int64)
    offsets[0:-1:2] = starts
    offsets[1::2] = ends
    offsets[-1] = ends[-1] if len(ends) else 0
    strings = pa.LargeStringArray.from_buffers(
        2 * len(starts), pa.py_buffer(offsets), pa.py_buffer(data)
    )
    return pl.Series(strings, dtype=pl.String).gather_every(2)


@numba.njit(cache=True, nogil=True)
def _break_width(data: ByteArray, at: int) -> int:
    """Bytes of the line break that starts at `at`, 0 when none does."""
    byte = data[at]
    left = len(data) - at
    if byte <= _LAST_BREAK:
        if byte < _FIRST_BREAK:
            return 0
        return 2 if byte == _CR and left > 1 and data[at + 1] == _LF else 1
    if byte == _NEL[0]:
        return 2 if left > 1 and data[at + 1] == _NEL[1] else 0
    if byte == _SEPARATOR[0] and left > 2 and data[at + 1] == _SEPARATOR[1]:
        return 3 if data[at + 2] in _SEPARATOR_ENDS else 0
    return 0


@numba.njit(cache=True, nogil=True)
def find_line_breaks(data: ByteArray) -> tuple[Offsets, Offsets]:
    """Byte ranges of line breaks: LF, CR, CRLF, FF, VT, NEL, U+2028, U+2029.

    One compiled pass, because comparing the whole buffer with each kind of break made
    this a tenth of the splitting.

    Returns:
        Starts and ends, ascending; CRLF is one break of two bytes.
    """
    count = 0
    for at in range(len(data)):
        byte = data[at]
        count += byte <= _LAST_BREAK or byte == _NEL[0] or byte == _SEPARATOR[0]
    starts = np.empty(count, dtype=np.int64)
    ends = np.empty(count, dtype=np.int64)
    found = 0
    at = 0
    while at < len(data):
        byte = data[at]
        if byte > _LAST_BREAK and byte != _NEL[0] and byte != _SEPARATOR[0]:
            at += 1
            continue
        width = _break_width(data, at)
        if width:
            starts[found] = at
            ends[found] = at + width
            found += 1
            at += width
        else:
            at += 1
    return starts[:found], ends[:found]


def find_lines(buffer: TextBuffer) -> pl.DataFrame:
    """All lines of all documents (contract LINES), in order.

    A document that ends without a line break has a last line all the same; one that
    ends with a break has no empty line after it. A byte order mark stays a character
    of the first line.
    """
    data, bounds = buffer.data, buffer.document_starts
    break_starts, break_ends = find_line_breaks(data)
    # A document's end also ends a line, unless a break just did.
    filled = np.flatnonzero(np.diff(bounds) > 0)
    document_ends = bounds[filled + 1]
    found = np.searchsorted(break_ends, document_ends)
    closed = np.append(break_ends, -1)[found]
    is_open = closed != document_ends
    ends = np.concatenate([break_starts, document_ends[is_open]])
    nexts = np.concatenate([break_ends, document_ends[is_open]])
    order = np.argsort(nexts, kind="stable")
    ends, nexts = ends[order], nexts[order]
    starts = np.concatenate([[0], nexts[:-1]]).astype(np.int64)[: len(ends)]
    document_rows = np.searchsorted(bounds, starts, side="right") - 1
    texts = slice_text(data, starts, ends)
    line_chars = texts.str.len_chars().to_numpy().astype(np.int64)
    is_crlf = (nexts - ends == 2) & (data[np.minimum(ends, len(data) - 1)] == 13)
    break_chars = np.minimum(nexts - ends, 1) + is_crlf
    past = np.concatenate([[0], np.cumsum(line_chars + break_chars)]).astype(np.int64)
    firsts = np.searchsorted(document_rows, np.arange(len(bounds) - 1))
    char_starts = past[:-1] - past[firsts][document_rows]
    return pl.DataFrame(
        {
            "document_row": document_rows.astype(np.uint32),
            "byte_start": starts,
            "byte_end": ends,
            "char_start": char_starts,
            "char_end": char_starts + line_chars,
            "text": texts,
        }
    ).with_row_index("line_row")
