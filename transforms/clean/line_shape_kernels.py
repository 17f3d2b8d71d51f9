"""What the two ends of a line look like: one compiled look at each line's edges."""

from typing import Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from transforms.clean.white_space_kernels import measure_edit
from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import (
    BLANK,
    CLOSE,
    DASH,
    ELLIPSIS,
    LOWER,
    OTHER,
    QUOTE,
    STOP,
    UPPER,
    read_character,
    step_back,
)

_CLOSES: Final = 1
_IS_BULLETED: Final = 2
_IS_BROKEN: Final = 4
_OPENS_LOW: Final = 8
_HYPHEN: Final = ord("-")
_BULLETS: Final = np.array(sorted(map(ord, "-*•·–—")), dtype=np.int64)

Flags = npt.NDArray[np.bool_]


class LineShapes(NamedTuple):
    """Shapes of lines, one value per line.

    Attributes:
        starts: First byte that is no blank.
        ends: End of the last character that is no blank.
        closes: Whether the line ends like a sentence, behind quotes and brackets.
        is_bulleted: Whether a lone sign stands before the text.
        is_broken: Whether the line ends inside a word, at its hyphen.
        opens_low: Whether the text begins with a small letter.
    """

    starts: Offsets
    ends: Offsets
    closes: Flags
    is_bulleted: Flags
    is_broken: Flags
    opens_low: Flags


@numba.njit(cache=True, nogil=True)
def _trim(data: ByteArray, starts: Offsets, ends: Offsets) -> Offsets:
    """Byte ranges (two rows) without outer white and invisible characters."""
    trimmed = np.empty((2, len(starts)), dtype=np.int64)
    for row in range(len(starts)):
        start, end = starts[row], ends[row]
        while start < end:
            width, edit = measure_edit(data, start)
            if edit == 0:
                break
            start += width
        while end > start:
            last = step_back(data, start, end)
            if measure_edit(data, last)[1] == 0:
                break
            end = last
        trimmed[0, row] = start
        trimmed[1, row] = end
    return trimmed


@numba.njit(cache=True, nogil=True)
def _closes(data: ByteArray, start: int, end: int) -> bool:
    while end > start:
        last = step_back(data, start, end)
        kind = read_character(data, last, end)[0]
        if kind in (STOP, ELLIPSIS):
            return True
        if kind not in (QUOTE, CLOSE, BLANK):
            return False
        end = last
    return False


@numba.njit(cache=True, nogil=True)
def _is_broken(data: ByteArray, start: int, end: int) -> bool:
    if end - start <= 1 or data[end - 1] != _HYPHEN:
        return False
    last = step_back(data, start, end - 1)
    return read_character(data, last, end)[0] in (UPPER, LOWER)


@numba.njit(cache=True, nogil=True)
def _is_bullet(data: ByteArray, at: int, width: int) -> bool:
    code = np.int64(data[at])
    if width > 1:
        code &= 0x1F if width == 2 else 0x0F
        for place in range(at + 1, at + width):
            code = (code << 6) | (data[place] & 0x3F)
    return bool((code == _BULLETS).any())


@numba.njit(cache=True, nogil=True)
def _flag_lines(
    data: ByteArray, trimmed: Offsets, line_ends: Offsets
) -> npt.NDArray[np.uint8]:
    flags = np.zeros(trimmed.shape[1], dtype=np.uint8)
    for row in range(trimmed.shape[1]):
        start, end = trimmed[0, row], trimmed[1, row]
        if start == end:
            continue
        kind, width = read_character(data, start, end)
        behind = start + width
        flag = _CLOSES * _closes(data, start, end)
        flag |= _IS_BROKEN * _is_broken(data, start, end)
        flag |= _OPENS_LOW * (kind == LOWER)
        if kind in (DASH, OTHER) and behind < line_ends[row]:
            is_apart = read_character(data, behind, line_ends[row])[0] == BLANK
            flag |= _IS_BULLETED * (is_apart and _is_bullet(data, start, width))
        flags[row] = flag
    return flags


def describe_shapes(data: ByteArray, starts: Offsets, ends: Offsets) -> LineShapes:
    """Shapes of the lines between `starts` and `ends` of UTF-8 bytes."""
    trimmed = _trim(data, starts, ends)
    flags = _flag_lines(data, trimmed, ends)
    bits = (_CLOSES, _IS_BULLETED, _IS_BROKEN, _OPENS_LOW)
    return LineShapes(trimmed[0], trimmed[1], *(flags & bit > 0 for bit in bits))
