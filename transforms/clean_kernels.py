"""Byte loops of the clean stage, compiled: each byte is looked at once or twice.

NumPy would need a dozen passes and eight bytes of index per byte of text for the same
work; a loop needs neither.
"""

from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.buffers import ByteArray, Offsets

PLAIN, SPACE, CONTROL, LEAD_C2, LEAD_E1, LEAD_E2, LEAD_E3, LEAD_EF, LEAD_F3 = range(9)

DELETED: Final = 1
AS_SPACE: Final = 2

_ASCII_SPACE: Final = 0x20
_SOFT_HYPHEN: Final = 0xAD
_NBSP: Final = 0xA0
_CONTINUATION_BITS: Final = 0xC0
_CONTINUATION: Final = 0x80


def _byte_classes() -> ByteArray:
    classes = np.zeros(256, dtype=np.uint8)
    classes[:0x20] = CONTROL
    classes[0x7F] = CONTROL
    classes[[0x09, 0x0B, 0x0C, 0x20]] = SPACE
    for lead, value in (
        (0xC2, LEAD_C2),
        (0xE1, LEAD_E1),
        (0xE2, LEAD_E2),
        (0xE3, LEAD_E3),
        (0xEF, LEAD_EF),
        (0xF3, LEAD_F3),
    ):
        classes[lead] = value
    return classes


BYTE_CLASSES: Final = _byte_classes()


@numba.njit(cache=True)
def _third_of_e280(last: int) -> int:
    """Kind of U+2000 to U+203F by its last byte: spaces, bidi marks, joiners."""
    if last <= 0x8A or last in (0xAF,):
        return AS_SPACE
    if last == 0x8B or last in (0x8E, 0x8F) or 0xAA <= last <= 0xAE:
        return DELETED
    return 0


@numba.njit(cache=True)
def _third_of_e281(last: int) -> int:
    """Kind of U+2040 to U+207F by its last byte."""
    if last == 0x9F:
        return AS_SPACE
    return DELETED if 0xA0 <= last <= 0xAF else 0


@numba.njit(cache=True)
def _kind_of_wide(data: Any, at: int, lead: int) -> int:
    """Kind of a three-byte character that starts at `at`; 0 when it stays."""
    middle, last = data[at + 1], data[at + 2]
    if lead == LEAD_E2 and middle == 0x80:
        return _third_of_e280(last)
    if lead == LEAD_E2 and middle == 0x81:
        return _third_of_e281(last)
    if lead == LEAD_E1:
        return AS_SPACE if middle == 0x9A and last == 0x80 else 0
    if lead == LEAD_E3:
        return AS_SPACE if middle == 0x80 and last == 0x80 else 0
    # U+FEFF in the middle of a text is a zero-width no-break space.
    return DELETED if lead == LEAD_EF and middle == 0xBB and last == 0xBF else 0


@numba.njit(cache=True)
def _measure(data: Any, at: int, kind: int) -> tuple[int, int]:
    """Bytes and edit of the character at `at`; edit 0 when it stays."""
    if kind == SPACE:
        return 1, AS_SPACE
    if kind == CONTROL:
        return 1, DELETED
    if kind == LEAD_C2:
        if data[at + 1] == _NBSP:
            return 2, AS_SPACE
        return 2, DELETED if data[at + 1] == _SOFT_HYPHEN else 0
    if kind == LEAD_F3:
        # U+E0000 to U+E007F, the tag characters.
        return 4, DELETED if data[at + 1] == 0xA0 and data[at + 2] < 0x82 else 0
    return 3, _kind_of_wide(data, at, kind)


@numba.njit(cache=True)
def _span_of_edit(data: Any, classes: Any, start: int, end: int) -> tuple[int, int]:
    """End and strongest edit of the run of white and invisible characters at start."""
    edit = 0
    at = start
    while at < end and classes[data[at]] != PLAIN:
        size, kind = _measure(data, at, classes[data[at]])
        if kind == 0:
            break
        edit = max(edit, kind)
        at += size
    return at, edit


@numba.njit(cache=True)
def _is_lone_space(data: Any, classes: Any, at: int, bounds: tuple[int, int]) -> bool:
    return (
        data[at] == _ASCII_SPACE
        and at > bounds[0]
        and at + 1 < bounds[1]
        and classes[data[at + 1]] == PLAIN
    )


@numba.njit(cache=True)
def find_edits(
    data: Any, classes: Any, starts: Any, ends: Any, edits: Any
) -> int:  # pragma: no cover
    """Runs of white or invisible characters that are not one plain space.

    Args:
        data: UTF-8 bytes.
        classes: Class of each byte value.
        starts: First byte of each line.
        ends: End of each line, exclusive.
        edits: Filled with rows (start, end, edit) as far as it has room.

    Returns:
        How many edits there are, which may be more than there was room for.
    """
    count = 0
    for line in range(len(starts)):
        bounds = (starts[line], ends[line])
        at = starts[line]
        while at < bounds[1]:
            kind = classes[data[at]]
            if kind == PLAIN:
                at += 1
            elif kind == SPACE and _is_lone_space(data, classes, at, bounds):
                at += 2
            else:
                end, edit = _span_of_edit(data, classes, at, bounds[1])
                if edit and not (edit == AS_SPACE and _is_same(data, at, end, bounds)):
                    if count < len(edits):
                        edits[count, 0] = at
                        edits[count, 1] = end
                        edits[count, 2] = edit
                    count += 1
                at = max(end, at + 1)
    return count


@numba.njit(cache=True)
def _is_same(data: Any, at: int, end: int, bounds: tuple[int, int]) -> bool:
    is_inside = at > bounds[0] and end < bounds[1]
    return end - at == 1 and data[at] == _ASCII_SPACE and is_inside


@numba.njit(cache=True)
def count_chars(data: Any, starts: Any, ends: Any) -> Any:  # pragma: no cover
    """Code points of each byte range."""
    counts = np.zeros(len(starts), dtype=np.int64)
    for row in range(len(starts)):
        count = 0
        for at in range(starts[row], ends[row]):
            count += (data[at] & _CONTINUATION_BITS) != _CONTINUATION
        counts[row] = count
    return counts


@numba.njit(cache=True)
def join_pieces(
    data: Any, starts: Any, ends: Any, glues: Any, out: Any
) -> None:  # pragma: no cover
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
        elif glues[row] == 2:  # noqa: PLR2004
            out[at] = 10
            out[at + 1] = 10
        at += glues[row]
        size = ends[row] - starts[row]
        out[at : at + size] = data[starts[row] : ends[row]]
        at += size


def all_edits(data: ByteArray, starts: Offsets, ends: Offsets) -> npt.NDArray[np.int64]:
    """Rows (start, end, edit) of all lines, in order; see `find_edits`."""
    room = np.empty((len(starts) + 1024, 3), dtype=np.int64)
    count = find_edits(data, BYTE_CLASSES, starts, ends, room)
    if count > len(room):
        room = np.empty((count, 3), dtype=np.int64)
        find_edits(data, BYTE_CLASSES, starts, ends, room)
    return room[:count]
