"""Where lines end, in one compiled pass over the bytes."""

from typing import Final

import numba
import numpy as np
import polars as pl

from transforms.text.buffers import ByteArray, Offsets, TextBuffer, slice_text

_LF: Final = 10
_CR: Final = 13
_FIRST_BREAK: Final = 10
_LAST_BREAK: Final = 13
_NEL: Final = (0xC2, 0x85)
_SEPARATOR: Final = (0xE2, 0x80)
_SEPARATOR_ENDS: Final = (0xA8, 0xA9)
_BLOCK_BYTES: Final = 1 << 13
_GROUP_BYTES: Final = 8
_ADD_BYTES: Final = np.uint64(0x0101010101010101)  # a product's high byte is their sum
_HIGH_BYTE: Final = np.uint64(56)
# The same as bytes, without which the compiler would widen what it compares.
_LAST: Final = np.uint8(_LAST_BREAK)
_NEL_LEAD: Final = np.uint8(_NEL[0])
_LEAD: Final = np.uint8(_SEPARATOR[0])


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
def _flag_leads(block: ByteArray, flags: ByteArray) -> None:
    """1 for each byte that a break may begin with, 0 for others and past the block."""
    for place in range(len(block)):
        byte = block[place]
        flags[place] = (byte <= _LAST) | (byte == _NEL_LEAD) | (byte == _LEAD)
    flags[len(block) :] = 0


@numba.njit(cache=True, nogil=True)
def find_line_breaks(data: ByteArray) -> tuple[Offsets, Offsets]:
    """Byte ranges of line breaks: LF, CR, CRLF, FF, VT, NEL, U+2028, U+2029.

    Compiled, because comparing the whole buffer with each kind of break made this a
    tenth of the splitting. Most groups of eight bytes hold nothing to look at.

    Returns:
        Starts and ends, ascending; CRLF is one break of two bytes.
    """
    flags = np.zeros(_BLOCK_BYTES, dtype=np.uint8)
    groups = flags.view(np.uint64)
    count = np.uint64(0)
    for first in range(0, len(data), _BLOCK_BYTES):
        _flag_leads(data[first : first + _BLOCK_BYTES], flags)
        for eight in groups:
            count += (eight * _ADD_BYTES) >> _HIGH_BYTE
    starts = np.empty(count, dtype=np.int64)
    ends = np.empty(count, dtype=np.int64)
    found, at = 0, 0
    for first in range(0, len(data), _BLOCK_BYTES):
        _flag_leads(data[first : first + _BLOCK_BYTES], flags)
        for group, eight in enumerate(groups):
            if not eight:
                continue
            for place in range(_GROUP_BYTES * group, _GROUP_BYTES * (group + 1)):
                # The second half of CRLF is behind.
                if flags[place] and first + place >= at:
                    width = _break_width(data, first + place)
                    starts[found] = first + place
                    at = first + place + width
                    ends[found] = at
                    found += width > 0
    return starts[:found], ends[:found]


def find_lines(buffer: TextBuffer) -> pl.DataFrame:
    """All lines of all documents (contract LINES), in order.

    A document that ends without a line break has a last line all the same; one that
    ends with a break has no empty line after it. A byte order mark stays a character
    of the first line.
    """
    # Compiled: whoever only slices texts need not load the compiler.

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
