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


def as_strings(data: ByteArray, bounds: Offsets) -> pa.Array:
    """Texts that stand back to back in UTF-8 as an Arrow array, sharing their memory.

    Args:
        data: Their bytes.
        bounds: Where they start, and the end of the last.
    """
    return pa.LargeStringArray.from_buffers(
        len(bounds) - 1, pa.py_buffer(bounds), pa.py_buffer(data)
    )


def slice_text(data: ByteArray, starts: Offsets, ends: Offsets) -> pl.Series:
    """Strings of byte ranges of a buffer; the ranges ascend and do not overlap.

    The gaps between the ranges are skipped by taking every second string of one
    zero-copy view, so the cost is per range, not per byte.
    """
    last = ends[-1] if len(ends) else 0
    bounds = np.append(np.column_stack([starts, ends]).ravel(), last)
    return pl.Series(as_strings(data, bounds)).gather_every(2)
