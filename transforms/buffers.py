"""One UTF-8 buffer per batch, its lines, and the way back to character offsets."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

ByteArray = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]


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
    # A column of nothing but nulls has no type, and so no bytes, of its own.
    texts = documents["text"].cast(pl.String).rechunk()
    arrow = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = arrow.buffers()
    count = len(documents)
    starts = np.frombuffer(offsets, dtype=np.int64, count=count + 1)
    if data is None:
        return TextBuffer(np.zeros(0, dtype=np.uint8), starts)
    return TextBuffer(np.frombuffer(data, dtype=np.uint8), starts)


def as_arrow(values: npt.NDArray[np.uint32] | Offsets) -> pa.Array:
    """The same numbers as an Arrow array, sharing their memory.

    Not by `pa.array`, which imports pandas to ask whether the values are of it.
    """
    return pa.Array.from_buffers(
        pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(values)]
    )


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


def find_lines(buffer: TextBuffer) -> pl.DataFrame:
    """All lines of all documents (contract LINES), in order.

    A document that ends without a line break has a last line all the same; one that
    ends with a break has no empty line after it. A byte order mark stays a character
    of the first line.
    """
    # Compiled: whoever only slices texts need not load the compiler.
    from transforms.line_breaks import find_line_breaks

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
