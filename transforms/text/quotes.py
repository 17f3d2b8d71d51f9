"""Do quotes equal their places in the text? Checked in time linear in both."""

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.text.buffers import ByteArray, Offsets, buffer_documents

_BLOCK_BYTES = 1 << 20
_NOWHERE = -1
_TAIL_MASK, _TAIL = 0xC0, 0x80  # all bytes but 10xxxxxx start a character


def byte_offsets(data: ByteArray, char_offsets: Offsets) -> Offsets:
    """Where characters start in UTF-8, block by block, so that memory stays small.

    Args:
        data: UTF-8 bytes.
        char_offsets: Code points from the start of the data, in any order; the number
            of all characters stands for the end.

    Returns:
        Byte offsets in the same order, -1 for those outside the data.

    Example:
        >>> text = np.frombuffer("né!".encode(), dtype=np.uint8)
        >>> byte_offsets(text, np.array([2, 0, 3, 4])).tolist()
        [3, 0, 4, -1]
    """
    order = np.argsort(char_offsets, kind="stable")
    ascending = char_offsets[order]
    found = np.full(len(char_offsets), _NOWHERE, dtype=np.int64)
    seen = 0
    for begin in range(0, len(data), _BLOCK_BYTES):
        block = data[begin : begin + _BLOCK_BYTES]
        starts = np.flatnonzero((block & _TAIL_MASK) != _TAIL)
        low, high = np.searchsorted(ascending, [seen, seen + len(starts)])
        found[order[low:high]] = begin + starts[ascending[low:high] - seen]
        seen += len(starts)
    found[char_offsets == seen] = len(data)
    return found


def find_wrong_quotes(texts: pl.Series, quotes: pl.DataFrame) -> pl.Series:
    """Tell which quotes differ from the slice that they are said to be.

    Args:
        texts: One string per document.
        quotes: One row per quote: `document_row` (its place in `texts`), `char_start`,
            `char_end` (code points in that document, end exclusive), `exact`.

    Returns:
        Boolean per quote, true where it is wrong, reaches outside its document, or is
        null.

    Example:
        >>> texts = pl.Series(["Oil — up"])
        >>> quotes = pl.DataFrame(
        ...     {
        ...         "document_row": [0, 0],
        ...         "char_start": [6, 0],
        ...         "char_end": [8, 3],
        ...         "exact": ["up", "Gas"],
        ...     }
        ... )
        >>> find_wrong_quotes(texts, quotes).to_list()
        [False, True]
    """
    buffer = buffer_documents(texts.to_frame("text"))
    char_counts = texts.str.len_chars().to_numpy().astype(np.int64)
    first_chars = np.cumsum(char_counts) - char_counts
    rows = quotes["document_row"].to_numpy().astype(np.int64)
    start = quotes["char_start"].fill_null(_NOWHERE).to_numpy().astype(np.int64)
    end = quotes["char_end"].fill_null(_NOWHERE).to_numpy().astype(np.int64)
    is_wrong = (start < 0) | (end < start) | (end > char_counts[rows])
    is_wrong |= quotes["exact"].is_null().to_numpy()
    inside = np.flatnonzero(~is_wrong)
    base = first_chars[rows[inside]]
    places = np.concatenate([base + start[inside], base + end[inside]])
    if len(buffer.data) != char_counts.sum():  # else characters are bytes
        places = byte_offsets(buffer.data, places)
    starts, ends = np.split(places, 2)
    is_wrong[inside] = _differ(
        buffer.data, starts, ends, quotes["exact"].gather(inside)
    )
    return pl.Series("is_wrong", is_wrong)


def _differ(
    data: ByteArray, starts: Offsets, ends: Offsets, exact: pl.Series
) -> npt.NDArray[np.bool_]:
    """Whether each quote is other than the bytes from its start to its end.

    NumPy needs an index of eight bytes for every byte that it compares. A kernel would
    not, but loading one takes a second, and quotes are short.
    """
    said = buffer_documents(exact.to_frame("text"))
    lengths = np.diff(said.document_starts)
    is_wrong: npt.NDArray[np.bool_] = ends - starts != lengths
    rows = np.repeat(np.arange(len(starts)), lengths)
    places = np.flatnonzero(~is_wrong[rows])
    rows = rows[places]
    shifts = starts - said.document_starts[:-1]
    is_other = data[places + shifts[rows]] != said.data[places]
    is_wrong[rows[is_other]] = True
    return is_wrong
