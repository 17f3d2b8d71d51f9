"""Byte loops of the clean stage, compiled: each byte is looked at once or twice.

NumPy would need a dozen passes and eight bytes of index per byte of text for the same
work; a loop needs neither.
"""

# Bytes are written by value here, as in every description of UTF-8.

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import TAIL, TAIL_MASK

Bounds = tuple[int, int]

DELETED: Final = 1
AS_SPACE: Final = 2

# Classes of first bytes: ASCII that always stays (and all continuation bytes and
# leads of characters that always stay), ASCII to look up, and leads by length.
_PLAIN, _LOOK_UP, _TWO, _THREE, _FOUR = range(5)
_ASCII_SPACE: Final = 0x20
_LINE_FEED: Final = 0x0A
_LOW_SIX: Final = 0x3F
_LOW_FOUR: Final = 0x0F
_TAG_BYTES: Final = (0xA0, 0x82)  # U+E0000 to U+E007F are F3 A0 80 xx and F3 A0 81 xx
_PARAGRAPH_GLUE: Final = 2


def _first_byte_classes() -> ByteArray:
    classes = np.full(256, _PLAIN, dtype=np.uint8)
    classes[: _ASCII_SPACE + 1] = _LOOK_UP
    classes[0x7F] = _LOOK_UP
    classes[0xC2] = _TWO
    classes[[0xD8, 0xE1, 0xE2, 0xE3, 0xEF]] = [_TWO, *[_THREE] * 4]
    classes[0xF3] = _FOUR
    return classes


def _character_edits() -> ByteArray:
    """Edit of each code point below U+10000: white space and what no one sees.

    The joiners U+200C and U+200D stay: Persian, Hindi, and emoji are spelled with them.
    """
    edits = np.zeros(1 << 16, dtype=np.uint8)
    edits[:0x20] = DELETED
    for code in (0x7F, 0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF):
        edits[code] = DELETED
    edits[0x202A:0x202F] = DELETED
    edits[0x2060:0x2070] = DELETED
    for code in (0x09, 0x0B, 0x0C, 0x20, 0xA0, 0x1680, 0x202F, 0x205F, 0x3000):
        edits[code] = AS_SPACE
    edits[0x2000:0x200B] = AS_SPACE
    return edits


LEAD_CLASSES: Final = _first_byte_classes()
EDITS: Final = _character_edits()


@numba.njit(cache=True, nogil=True)
def measure_edit(data: ByteArray, at: int) -> tuple[int, int]:
    """Bytes and edit of the character at `at`; edit 0 when it stays.

    A character of several bytes that always stays may be given as its first byte.
    """
    first = np.int64(data[at])
    size = LEAD_CLASSES[first]
    if size == _PLAIN:
        return 1, 0
    if size == _LOOK_UP:
        return 1, EDITS[first]
    second = np.int64(data[at + 1])
    if size == _TWO:
        return 2, EDITS[((first & 0x1F) << 6) | (second & _LOW_SIX)]
    third = np.int64(data[at + 2])
    if size == _THREE:
        code = ((first & _LOW_FOUR) << 12) | ((second & _LOW_SIX) << 6)
        return 3, EDITS[code | (third & _LOW_SIX)]
    is_tag = second == _TAG_BYTES[0] and third < _TAG_BYTES[1]
    return 4, DELETED if is_tag else 0


@numba.njit(cache=True, nogil=True)
def _span_of_edit(data: ByteArray, start: int, end: int) -> tuple[int, int]:
    """End and strongest edit of the run of white and invisible characters at start."""
    edit = 0
    at = start
    while at < end and LEAD_CLASSES[data[at]] != _PLAIN:
        size, kind = measure_edit(data, at)
        if kind == 0:
            break
        edit = max(edit, kind)
        at += size
    return at, edit


@numba.njit(cache=True, nogil=True)
def _is_lone_space(data: ByteArray, at: int, bounds: Bounds) -> bool:
    return (
        data[at] == _ASCII_SPACE
        and at > bounds[0]
        and at + 1 < bounds[1]
        and LEAD_CLASSES[data[at + 1]] == _PLAIN
    )


@numba.njit(cache=True, nogil=True)
def _is_one_space(data: ByteArray, span: Bounds, bounds: Bounds) -> bool:
    is_inside = span[0] > bounds[0] and span[1] < bounds[1]
    return span[1] - span[0] == 1 and data[span[0]] == _ASCII_SPACE and is_inside


@numba.njit(cache=True, nogil=True)
def _edit_line(data: ByteArray, bounds: Bounds, edits: Offsets, count: int) -> int:
    at = bounds[0]
    while at < bounds[1]:
        if LEAD_CLASSES[data[at]] == _PLAIN:
            at += 1
        elif _is_lone_space(data, at, bounds):
            at += 2
        else:
            end, edit = _span_of_edit(data, at, bounds[1])
            if edit and not _is_one_space(data, (at, end), bounds):
                if count < len(edits):
                    edits[count, 0] = at
                    edits[count, 1] = end
                    edits[count, 2] = edit
                count += 1
            at = max(end, at + 1)
    return count


@numba.njit(cache=True, nogil=True)
def _may_need_edits(line: ByteArray) -> bool:
    """A check without branches, three times faster than the exact one of each space.

    It knows the first bytes of every character that `_character_edits` names. The last
    two bytes of a line are looked at only for what one byte tells.
    """
    count = 0
    for at in range(len(line) - 2):
        byte, second, third = line[at], line[at + 1], line[at + 2]
        count += (
            (byte < 0x20)
            | (byte == 0x7F)
            | ((byte == 0x20) & (second <= 0x20))
            | ((byte == 0xC2) & ((second == 0xA0) | (second == 0xAD)))
            | ((byte == 0xD8) & (second == 0x9C))
            | ((byte == 0xE1) & ((second == 0x9A) | (second == 0xA0)))
            | ((byte == 0xE2) & (second == 0x80) & ((third < 0x90) | (third > 0xA9)))
            | ((byte == 0xE2) & (second == 0x81))
            | ((byte == 0xE3) & (second == 0x80) & (third == 0x80))
            | ((byte == 0xEF) & (second == 0xBB))
            | (byte == 0xF3)
        )
    for at in range(max(len(line) - 2, 0), len(line)):
        count += LEAD_CLASSES[line[at]] != _PLAIN
    return count > 0 or (len(line) > 0 and line[0] == _ASCII_SPACE)


@numba.njit(cache=True, nogil=True)
def count_spaces(data: ByteArray, bounds: Offsets) -> Offsets:
    """Spaces of each text; texts stand back to back, from one bound to the next."""
    spaces = np.zeros(len(bounds) - 1, dtype=np.int64)
    for row in range(len(spaces)):
        count = 0
        for byte in data[bounds[row] : bounds[row + 1]]:
            count += byte == _ASCII_SPACE
        spaces[row] = count
    return spaces


@numba.njit(cache=True, nogil=True)
def find_edits(data: ByteArray, starts: Offsets, ends: Offsets, edits: Offsets) -> int:
    """Runs of white or invisible characters that are not one plain space.

    Args:
        data: UTF-8 bytes.
        starts: First byte of each line.
        ends: End of each line, exclusive.
        edits: Filled with rows (start, end, edit) as far as it has room.

    Returns:
        How many edits there are, which may be more than there was room for.
    """
    count = 0
    for line in range(len(starts)):
        if _may_need_edits(data[starts[line] : ends[line]]):
            count = _edit_line(data, (starts[line], ends[line]), edits, count)
    return count


@numba.njit(cache=True, nogil=True)
def count_chars(data: ByteArray, starts: Offsets, ends: Offsets) -> Offsets:
    """Code points of each byte range."""
    counts = np.zeros(len(starts), dtype=np.int64)
    for row in range(len(starts)):
        count = 0
        for at in range(starts[row], ends[row]):
            count += (data[at] & TAIL_MASK) != TAIL
        counts[row] = count
    return counts


@numba.njit(cache=True, nogil=True)
def join_pieces(
    data: ByteArray, starts: Offsets, ends: Offsets, glues: Offsets, out: ByteArray
) -> None:
    """Copy the byte ranges one after another, each behind its glue.

    Args:
        data: UTF-8 bytes.
        starts: First byte of each piece.
        ends: End of each piece, exclusive.
        glues: 0 nothing, 1 a space, 2 a blank line before the piece.
        out: Exactly as long as all glues and pieces together.
    """
    at = 0
    for row in range(len(starts)):
        if glues[row] == 1:
            out[at] = _ASCII_SPACE
        elif glues[row] == _PARAGRAPH_GLUE:
            out[at] = _LINE_FEED
            out[at + 1] = _LINE_FEED
        at += glues[row]
        size = ends[row] - starts[row]
        out[at : at + size] = data[starts[row] : ends[row]]
        at += size


def all_edits(data: ByteArray, starts: Offsets, ends: Offsets) -> npt.NDArray[np.int64]:
    """Rows (start, end, edit) of all lines, in order; see `find_edits`."""
    room = np.empty((len(starts) + 1024, 3), dtype=np.int64)
    count = find_edits(data, starts, ends, room)
    if count > len(room):
        room = np.empty((count, 3), dtype=np.int64)
        find_edits(data, starts, ends, room)
    return room[:count]
