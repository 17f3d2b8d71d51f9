"""How many lines bytes hold, counted before anything is made of them.

A line costs a hundred bytes of arrays and more, so a file that is mostly line breaks
costs a hundred times its size.
"""

import codecs
from typing import Final

import numba
import numpy as np

from transforms.text.buffers import ByteArray

_LF, _CR, _NEL = 10, 13, 0x85  # between the first two vertical tab and form feed
_NEL_LEAD, _SEPARATOR_LEAD, _SEPARATOR_MIDDLE = 0xC2, 0xE2, 0x80
_CHUNK_UNITS: Final = 1 << 20
# Those of UTF-32 first: one of them begins like the mark of UTF-16.
_UNITS: Final = (
    (codecs.BOM_UTF32_LE, "<u4"),
    (codecs.BOM_UTF32_BE, ">u4"),
    (codecs.BOM_UTF16_LE, "<u2"),
    (codecs.BOM_UTF16_BE, ">u2"),
)


def count_line_breaks(content: bytes) -> int:
    """Line breaks of a document, in whichever encoding it is.

    Args:
        content: UTF-8, UTF-16 or 32 by its mark, or anything else that has LF and CR at
            the places of ASCII.
    """
    for mark, unit in _UNITS:
        if content.startswith(mark):
            return _count_in_units(content, np.dtype(unit))
    return int(_count_in_bytes(np.frombuffer(content, dtype=np.uint8)))


def has_longer_line(content: bytes, most: int) -> bool:
    """Whether a line has more than so many bytes, whichever encoding it is in.

    Looks at few bytes: from each break for the last one that is near enough.
    """
    at = 0
    while len(content) - at > most:
        end = at + most + 1
        last = max(content.rfind(mark, at, end) for mark in (b"\n", b"\r"))
        if last < 0:
            return True
        at = last + 1
    return False


def _count_in_units(content: bytes, unit: np.dtype[np.unsignedinteger]) -> int:
    units = np.frombuffer(content, dtype=unit, count=len(content) // unit.itemsize)
    count = 0
    for first in range(0, len(units), _CHUNK_UNITS):
        chunk = units[first : first + _CHUNK_UNITS]
        is_break = (chunk >= _LF) & (chunk <= _CR)
        is_break |= (chunk == _NEL) | (chunk == 0x2028) | (chunk == 0x2029)
        is_break[1:] &= (chunk[1:] != _LF) | (chunk[:-1] != _CR)
        count += int(is_break.sum())
    return count


@numba.njit(cache=True, nogil=True)
def _count_in_bytes(data: ByteArray) -> int:
    """What `text.lines.find_line_breaks` finds, counted without an array."""
    count = 0
    for at in range(len(data)):
        byte = data[at]
        if byte == _LF:
            count += at == 0 or data[at - 1] != _CR
        elif _LF < byte <= _CR:
            count += 1
        elif byte == _NEL:
            count += at > 0 and data[at - 1] == _NEL_LEAD
        elif byte | 1 == 0xA9:
            count += (
                at > 1
                and data[at - 1] == _SEPARATOR_MIDDLE
                and data[at - 2] == _SEPARATOR_LEAD
            )
    return count
