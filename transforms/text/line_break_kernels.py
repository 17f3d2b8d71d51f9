"""Where lines end, in one compiled pass over the bytes."""

from typing import Final

import numba
import numpy as np

from transforms.text.buffers import ByteArray, Offsets

_LF: Final = 10
_CR: Final = 13
_FIRST_BREAK: Final = 10
_LAST_BREAK: Final = 13
_NEL: Final = (0xC2, 0x85)
_SEPARATOR: Final = (0xE2, 0x80)
_SEPARATOR_ENDS: Final = (0xA8, 0xA9)
_BLOCK_BYTES: Final = 1 << 13
_GROUP_BYTES: Final = 8
_ADD_BYTES: Final = np.uint64(0x0101010101010101)  # a product's high byte is their sum
_HIGH_BYTE: Final = np.uint64(56)
# The same as bytes, without which the compiler would widen what it compares.
_LAST: Final = np.uint8(_LAST_BREAK)
_NEL_LEAD: Final = np.uint8(_NEL[0])
_LEAD: Final = np.uint8(_SEPARATOR[0])


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
def _flag_leads(block: ByteArray, flags: ByteArray) -> None:
    """1 for each byte that a break may begin with, 0 for others and past the block."""
    for place in range(len(block)):
        byte = block[place]
        flags[place] = (byte <= _LAST) | (byte == _NEL_LEAD) | (byte == _LEAD)
    flags[len(block) :] = 0


@numba.njit(cache=True, nogil=True)
def find_line_breaks(data: ByteArray) -> tuple[Offsets, Offsets]:
    """Byte ranges of line breaks: LF, CR, CRLF, FF, VT, NEL, U+2028, U+2029.

    Compiled, because comparing the whole buffer with each kind of break made this a
    tenth of the splitting. Most groups of eight bytes hold nothing to look at.

    Returns:
        Starts and ends, ascending; CRLF is one break of two bytes.
    """
    flags = np.zeros(_BLOCK_BYTES, dtype=np.uint8)
    groups = flags.view(np.uint64)
    count = np.uint64(0)
    for first in range(0, len(data), _BLOCK_BYTES):
        _flag_leads(data[first : first + _BLOCK_BYTES], flags)
        for eight in groups:
            count += (eight * _ADD_BYTES) >> _HIGH_BYTE
    starts = np.empty(count, dtype=np.int64)
    ends = np.empty(count, dtype=np.int64)
    found, at = 0, 0
    for first in range(0, len(data), _BLOCK_BYTES):
        _flag_leads(data[first : first + _BLOCK_BYTES], flags)
        for group, eight in enumerate(groups):
            if not eight:
                continue
            for place in range(_GROUP_BYTES * group, _GROUP_BYTES * (group + 1)):
                # The second half of CRLF is behind.
                if flags[place] and first + place >= at:
                    width = _break_width(data, first + place)
                    starts[found] = first + place
                    at = first + place + width
                    ends[found] = at
                    found += width > 0
    return starts[:found], ends[:found]
