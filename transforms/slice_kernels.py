"""Compiled search for the places of many quotes, and comparison with them."""

import numba
import numpy as np

from transforms.buffers import ByteArray, Offsets

_TAIL_MASK, _TAIL = 0xC0, 0x80  # all bytes but 10xxxxxx start a character


@numba.njit(cache=True, nogil=True)
def compare(
    data: ByteArray,
    starts: Offsets,
    said: ByteArray,
    said_starts: Offsets,
    is_wrong: np.typing.NDArray[np.bool_],
) -> None:
    """Mark quotes that differ from the text; those marked already are left alone."""
    for row in range(len(starts)):
        if is_wrong[row]:
            continue
        shift = starts[row] - said_starts[row]
        for place in range(said_starts[row], said_starts[row + 1]):
            if data[place + shift] != said[place]:
                is_wrong[row] = True
                break


@numba.njit(cache=True, nogil=True)
def find_starts(data: ByteArray, ascending: Offsets) -> Offsets:
    """First byte of characters of UTF-8, -1 for those outside.

    Args:
        data: The text.
        ascending: Code points from its start; the number of all stands for the end.
    """
    found = np.full(len(ascending), -1, dtype=np.int64)
    seen, row = 0, np.searchsorted(ascending, 0)
    for place in range(len(data)):
        if data[place] & _TAIL_MASK == _TAIL:
            continue
        while row < len(ascending) and ascending[row] == seen:
            found[row] = place
            row += 1
        seen += 1
    found[row : np.searchsorted(ascending, seen, side="right")] = len(data)
    return found
