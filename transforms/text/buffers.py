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
