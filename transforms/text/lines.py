"""Lines of documents, with their places in bytes and characters."""

import numpy as np
import polars as pl

from transforms.text.buffers import ByteArray, Offsets, TextBuffer, slice_text

_LF, _CR = 10, 13  # between them vertical tab and form feed


def find_line_breaks(data: ByteArray) -> tuple[Offsets, Offsets]:
    """Byte ranges of line breaks: LF, CR, CRLF, FF, VT, NEL, U+2028, U+2029.

    Returns:
        Starts and ends, ascending; CRLF is one break of two bytes.
    """
    places = np.flatnonzero((data <= _CR) | (data == 0xC2) | (data == 0xE2))
    before, first, second, third = (
        data[(places + shift).clip(0, len(data) - 1)] for shift in (-1, 0, 1, 2)
    )
    is_one = (first >= _LF) & (first <= _CR)
    is_crlf = (first == _CR) & (second == _LF)
    is_end_of_crlf = (first == _LF) & (before == _CR)
    is_nel = (first == 0xC2) & (second == 0x85)
    is_separator = (first == 0xE2) & (second == 0x80) & ((third | 1) == 0xA9)
    widths = 1 * is_one + is_crlf + 2 * is_nel + 3 * is_separator
    is_break = (widths > 0) & ~is_end_of_crlf
    starts = places[is_break]
    return starts, starts + widths[is_break]


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
