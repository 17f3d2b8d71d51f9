"""Do quotes equal their places in the text? Checked in time linear in both."""

import numpy as np
import polars as pl

from transforms.text.buffers import ByteArray, Offsets, TextBuffer, buffer_documents

_BLOCK_BYTES = 1 << 20
# What of more blocks is sought by a kernel costs more than to load it.
_FEW_BLOCKS = 2
_GROUP_BYTES = 16 << 20
_FEW_BYTES = 64 << 10
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
    if len(data) > _FEW_BLOCKS * _BLOCK_BYTES:
        from transforms.text.char_index import find_places

        return find_places(data, char_offsets)
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
    is_wrong[inside] = _differ(buffer, starts, ends, quotes["exact"].gather(inside))
    return pl.Series("is_wrong", is_wrong)


def _differ(
    buffer: TextBuffer, starts: Offsets, ends: Offsets, exact: pl.Series
) -> np.typing.NDArray[np.bool_]:
    said = buffer_documents(exact.to_frame("text"))
    lengths = np.diff(said.document_starts)
    is_wrong: np.typing.NDArray[np.bool_] = (ends - starts) != lengths
    if len(said.data) <= _FEW_BYTES:
        _compare_few(buffer.data, starts, said, is_wrong)
    else:
        from transforms.text.quote_kernels import compare

        compare(buffer.data, starts, said.data, said.document_starts, is_wrong)
    return is_wrong


def _compare_few(
    data: ByteArray,
    starts: Offsets,
    said: TextBuffer,
    is_wrong: np.typing.NDArray[np.bool_],
) -> None:
    """What the kernel does, without the second that loading compiled code takes.

    NumPy needs an index of eight bytes for every byte that it compares.
    """
    shifts = np.where(is_wrong, 0, starts - said.document_starts[:-1])
    rows = np.repeat(np.arange(len(starts)), np.diff(said.document_starts))
    kept = ~is_wrong[rows]
    places = np.arange(len(said.data))[kept]
    rows = rows[kept]
    is_other = data[places + shifts[rows]] != said.data[places]
    is_wrong[rows[is_other]] = True
