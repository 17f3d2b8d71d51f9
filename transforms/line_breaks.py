"""Where lines end, in one compiled pass over the bytes."""

from typing import Final

import numba
import numpy as np

from transforms.buffers import ByteArray, Offsets

_LF: Final = 10
_CR: Final = 13
_FIRST_BREAK: Final = 10
_LAST_BREAK: Final = 13
_NEL: Final = (0xC2, 0x85)
_SEPARATOR: Final = (0xE2, 0x80)
_SEPARATOR_ENDS: Final = (0xA8, 0xA9)


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
def find_line_breaks(data: ByteArray) -> tuple[Offsets, Offsets]:
    """Byte ranges of line breaks: LF, CR, CRLF, FF, VT, NEL, U+2028, U+2029.

    One compiled pass, because comparing the whole buffer with each kind of break made
    this a tenth of the splitting.

    Returns:
        Starts and ends, ascending; CRLF is one break of two bytes.
    """
    count = 0
    for at in range(len(data)):
        byte = data[at]
        count += byte <= _LAST_BREAK or byte == _NEL[0] or byte == _SEPARATOR[0]
    starts = np.empty(count, dtype=np.int64)
    ends = np.empty(count, dtype=np.int64)
    found = 0
    at = 0
    while at < len(data):
        byte = data[at]
        if byte > _LAST_BREAK and byte != _NEL[0] and byte != _SEPARATOR[0]:
            at += 1
            continue
        width = _break_width(data, at)
        if width:
            starts[found] = at
            ends[found] = at + width
            found += 1
            at += width
        else:
            at += 1
    return starts[:found], ends[:found]
