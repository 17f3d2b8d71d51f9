"""Byte loops of the decode stage, compiled: UTF-8 is judged line by line.

Whether a sequence is valid depends on up to three bytes behind its first; NumPy would
need a pass and an index array for each, and Python a call per line.
"""

# Bytes are written by value here, as in every description of UTF-8.

import numba
import numpy as np

from transforms.text.buffers import ByteArray, Offsets
from transforms.text.characters import TAIL, TAIL_MASK

_LINE_FEED = 10


@numba.njit(cache=True)
def _sequence_bytes(data: ByteArray, at: int) -> int:
    """Bytes of the valid UTF-8 sequence at `at`, 0 when there is none."""
    first = np.int64(data[at])
    if first < 0xC2 or first > 0xF4:
        return 0
    size = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    if at + size > len(data):
        return 0
    second = np.int64(data[at + 1])
    # Overlong forms, surrogates, and what lies beyond U+10FFFF.
    low = 0xA0 if first == 0xE0 else 0x90 if first == 0xF0 else 0x80
    high = 0x9F if first == 0xED else 0x8F if first == 0xF4 else 0xBF
    if second < low or second > high:
        return 0
    for place in range(at + 2, at + size):
        if (data[place] & TAIL_MASK) != TAIL:
            return 0
    return size


@numba.njit(cache=True)
def scan_lines(data: ByteArray, lines: Offsets) -> None:
    """Judge each line, ended by LF, as UTF-8.

    Args:
        data: Bytes of one document.
        lines: One row per line, filled with: start, end (its LF included), bytes above
            127, valid sequences, bytes above 127 that are in none.
    """
    row, start, high, good, bad = 0, 0, 0, 0, 0
    at = 0
    while at < len(data):
        if data[at] < 0x80:
            at += 1
        else:
            size = _sequence_bytes(data, at)
            good += size > 0
            bad += size == 0
            high += max(size, 1)
            at += max(size, 1)
        if data[at - 1] == _LINE_FEED or at == len(data):
            lines[row] = (start, at, high, good, bad)
            row += 1
            start, high, good, bad = at, 0, 0, 0


def describe_lines(data: ByteArray) -> Offsets:
    """Rows of `scan_lines` for all lines of a document."""
    breaks = int((data == _LINE_FEED).sum())
    is_open = len(data) > 0 and data[-1] != _LINE_FEED
    lines = np.zeros((breaks + int(is_open), 5), dtype=np.int64)
    scan_lines(data, lines)
    return lines
