"""Compiled comparison of many quotes with their places."""

import numba
import numpy as np

from transforms.text.buffers import ByteArray, Offsets


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
