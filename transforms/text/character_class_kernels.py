"""Classes of characters in UTF-8 bytes, and the trimming of byte ranges by them.

Compiled byte loops, because a table look-up per character is many times faster than a
string expression per question.
"""

import unicodedata
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets

# Classes of characters; the order is what the fitted trees were taught.
(
    OTHER,
    UPPER,
    LOWER,
    DIGIT,
    QUOTE,
    OPEN,
    CLOSE,
    STOP,
    COLON,
    COMMA,
    DASH,
    ELLIPSIS,
    BLANK,
) = range(13)
BEYOND: Final = 0x10000  # the basic plane ends before it
_BY_CATEGORY: Final = {
    "Lu": UPPER,
    "Lt": UPPER,
    "Ll": LOWER,
    "Lo": LOWER,
    "Lm": LOWER,
    "Mn": LOWER,
    "Mc": LOWER,
    "Nd": DIGIT,
    "Pi": QUOTE,
    "Pf": QUOTE,
    "Ps": OPEN,
    "Pe": CLOSE,
    "Pd": DASH,
    "Zs": BLANK,
    "Cc": BLANK,
    "Cf": BLANK,
}
_BY_CHARACTER: Final = {
    "\"'`´„‚": QUOTE,
    "<": OPEN,
    ">": CLOSE,
    ".!?。！？؟।": STOP,
    ":：": COLON,
    ",;،、；": COMMA,
    "*+#_=~•◦▪■►▶‣·": DASH,
    "…": ELLIPSIS,
}


def _character_classes() -> npt.NDArray[np.uint8]:
    """Class of each character of the basic plane."""
    classes = np.array(
        [
            _BY_CATEGORY.get(unicodedata.category(chr(code)), OTHER)
            for code in range(BEYOND)
        ],
        dtype=np.uint8,
    )
    for characters, kind in _BY_CHARACTER.items():
        classes[[ord(character) for character in characters]] = kind
    return classes


CLASSES: Final = _character_classes()
ASCII: Final = 0x80
MARK: Final = (0xEF, 0xBB, 0xBF)  # byte order mark
_THREE_BYTES: Final = 0xE0
_QUESTION: Final = ord("?")
_FEWEST_LOST: Final = 2
_FOUR_BYTES: Final = 0xF0
_LOW_SIX: Final = 0x3F
# A byte of 10xxxxxx goes on with a character, any other starts one.
TAIL_MASK: Final = 0xC0
TAIL: Final = 0x80


@numba.njit(cache=True, nogil=True)
def read_code_point(data: ByteArray, at: int, end: int) -> tuple[int, int]:
    """Code point and width in bytes of the character at `at`.

    One that is cut off has the code point BEYOND.
    """
    first = np.int64(data[at])
    if first < ASCII:
        return int(first), 1
    size = 2 if first < _THREE_BYTES else 3 if first < _FOUR_BYTES else 4
    if at + size > end:
        return BEYOND, end - at
    code = first & (0x7F >> size)
    for place in range(at + 1, at + size):
        code = (code << 6) | np.int64(data[place] & _LOW_SIX)
    return int(code), size


@numba.njit(cache=True, nogil=True)
def read_character(data: ByteArray, at: int, end: int) -> tuple[int, int]:
    """Class and width in bytes of the character at `at`."""
    code, width = read_code_point(data, at, end)
    return (CLASSES[code] if code < BEYOND else OTHER), width


def find_marks(data: ByteArray, starts: Offsets) -> npt.NDArray[np.bool_]:
    """Where a byte order mark stands."""
    last = len(data) - 1
    found = [
        data[np.minimum(starts + place, last)] == byte
        for place, byte in enumerate(MARK)
    ]
    return np.asarray(np.all(found, axis=0))


@numba.njit(cache=True, nogil=True)
def step_back(data: ByteArray, start: int, end: int) -> int:
    """First byte of the last character before `end`."""
    at = end - 1
    while at > start and data[at] & TAIL_MASK == TAIL:
        at -= 1
    return at


@numba.njit(cache=True, nogil=True)
def _skip_lost_tabs(data: ByteArray, start: int, end: int) -> int:
    """Start of what stands behind two question marks or more, unless nothing does."""
    at = start
    while at < end and data[at] == _QUESTION:
        at += 1
    if at - start < _FEWEST_LOST or at == end:
        return start
    while at < end:
        kind, width = read_character(data, at, end)
        if kind != BLANK:
            break
        at += width
    return at


@numba.njit(cache=True, nogil=True)
def trim_lines(data: ByteArray, starts: Offsets, ends: Offsets) -> Offsets:
    """Byte ranges (two rows) without outer blanks; blank lines become empty.

    Question marks in a row at the start count as blanks: a mail program's tabs.
    """
    trimmed = np.empty((2, len(starts)), dtype=np.int64)
    for row in range(len(starts)):
        start, end = starts[row], ends[row]
        while start < end:
            kind, width = read_character(data, start, end)
            if kind != BLANK:
                break
            start += width
        while end > start:
            last = step_back(data, start, end)
            if read_character(data, last, end)[0] != BLANK:
                break
            end = last
        trimmed[0, row] = _skip_lost_tabs(data, start, end)
        trimmed[1, row] = end
    return trimmed


@numba.njit(cache=True, nogil=True)
def cut_edges(
    data: ByteArray, starts: Offsets, ends: Offsets, limit: int
) -> tuple[Offsets, Offsets]:
    """End of the first `limit` bytes and start of the last, on whole characters."""
    head_ends, tail_starts = np.empty_like(starts), np.empty_like(starts)
    for row in range(len(starts)):
        head = min(ends[row], starts[row] + limit)
        while head < ends[row] and data[head] & TAIL_MASK == TAIL:
            head += 1
        tail = max(starts[row], ends[row] - limit)
        while tail < ends[row] and data[tail] & TAIL_MASK == TAIL:
            tail += 1
        head_ends[row] = head
        tail_starts[row] = tail
    return head_ends, tail_starts
