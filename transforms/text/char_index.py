"""From characters of documents to bytes of their buffer, and strings of byte ranges."""

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from transforms.text.buffers import ByteArray, Offsets, TextBuffer, as_strings
from transforms.text.char_kernels import (
    chars_before,
    copy_ranges,
    count_block_chars,
    find_chars,
)

Values = TypeVar("Values", bound=npt.NDArray[Any])


class CharIndex:
    """Character counts of each block of a buffer, to find bytes by characters.

    Attributes:
        buffer: Of the documents.
    """

    def __init__(self, buffer: TextBuffer) -> None:
        self.buffer = buffer
        data, starts = read_only(buffer.data), read_only(buffer.document_starts)
        self._past = count_block_chars(data)
        self._document_chars = chars_before(data, self._past, starts)

    def find(self, chars: Offsets) -> Offsets:
        """Byte at which the n-th character of the buffer begins; -1 outside it."""
        places: Offsets = find_chars(
            read_only(self.buffer.data), self._past, read_only(chars)
        )
        return places

    def to_bytes(self, document_rows: Offsets, chars: Offsets) -> Offsets:
        """Byte of the buffer at which the n-th character of a document begins."""
        return self.find(self._document_chars[document_rows] + chars)


def read_only(values: Values) -> Values:
    """The same array, not to be written to.

    Frames lend some of their columns and copy others; a kernel that takes both kinds
    would be compiled for each.
    """
    view = values.view()
    view.flags.writeable = False
    return view


def gather_strings(data: ByteArray, starts: Offsets, ends: Offsets) -> pa.Array:
    """Strings of byte ranges in any order; they may overlap."""
    past = np.append(0, np.cumsum(ends - starts))
    out = np.empty(past[-1], dtype=np.uint8)
    copy_ranges(read_only(data), read_only(starts), read_only(ends), out)
    return as_strings(out, past)


def gather_texts(data: ByteArray, starts: Offsets, ends: Offsets) -> pl.Series:
    """Strings of byte ranges in any order; they may overlap."""
    return pl.Series("exact", gather_strings(data, starts, ends), dtype=pl.String)
