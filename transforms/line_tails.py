"""What the last bytes of a line hint at, so that few are searched for patterns."""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.buffers import ByteArray, Offsets
from transforms.characters import ASCII

# Signs of a tail, as bits.
BRACKETED: Final = 1  # a bracket opens, and one closes the line
DOTTED: Final = 2  # three dots or an ellipsis
DASHED: Final = 4  # a dash after the end of a sentence
SIGNED: Final = 8  # "...ing by"
INVITING: Final = 16  # the last word may be that of "read more" and the like

_SPACE: Final = ord(" ")
_HYPHEN: Final = ord("-")
_FULL_STOP: Final = ord(".")
_BIG_SIGN: Final = 0xE2  # first byte of dashes, curly quotes, the ellipsis
_ELLIPSIS_END: Final = 0xA6
_DASH_ENDS: Final = (0x93, 0x94, 0x95)
_SIGNS: Final = (_HYPHEN, _FULL_STOP, ord("&"), _BIG_SIGN)
_AFTER_DOT: Final = (_FULL_STOP, ord("h"), ord("H"))  # "..." or "&hellip;"
_OPENING: Final = (ord("("), ord("["))
_CLOSING: Final = (ord(")"), ord("]"))
_ENDS: Final = (ord("."), ord("!"), ord("?"), ord('"'), ord("'"))
_CASE_BIT: Final = 32
_BY: Final = tuple(b"g by ")
_INVITING_ENDS: Final = tuple(b"egy")  # more, reading, story
_LETTERS: Final = (ord("a"), ord("z"))
_IS_SOUGHT: Final = np.isin(
    np.arange(256), [*_OPENING, *_SIGNS, _BY[0], _BY[0] ^ _CASE_BIT]
)


@numba.njit(cache=True, nogil=True)
def _follows_sentence(data: ByteArray, start: int, at: int) -> bool:
    """Whether a stop or a quote stands before `at`; of other signs, any may be one."""
    at -= 1
    while at > start and data[at] == _SPACE:
        at -= 1
    return at >= start and (data[at] >= ASCII or data[at] in _ENDS)


@numba.njit(cache=True, nogil=True)
def _says_by(data: ByteArray, at: int, end: int) -> bool:
    if at + len(_BY) > end:
        return False
    is_same = True
    for place, byte in enumerate(_BY):
        is_same &= data[at + place] | _CASE_BIT == byte
    return is_same


@numba.njit(cache=True, nogil=True)
def _invites(data: ByteArray, start: int, end: int) -> bool:
    """Whether the last letter of ASCII is one that the sought words end in."""
    at = end - 1
    while at >= start:
        small = data[at] | _CASE_BIT
        if data[at] < ASCII and _LETTERS[0] <= small <= _LETTERS[1]:
            return small in _INVITING_ENDS
        at -= 1
    return False


@numba.njit(cache=True, nogil=True)
def _read_sign(data: ByteArray, start: int, at: int, end: int) -> int:
    """Bits that a hyphen, a full stop, an ampersand or a longer sign sets."""
    byte = data[at]
    if byte == _BIG_SIGN and at + 2 < end:
        if data[at + 2] == _ELLIPSIS_END:
            return DOTTED
        byte = _HYPHEN if data[at + 2] in _DASH_ENDS else byte
    if byte == _HYPHEN:
        return DASHED * _follows_sentence(data, start, at)
    if byte == _BIG_SIGN or at + 1 >= end:
        return 0
    return DOTTED * (data[at + 1] in _AFTER_DOT)


@numba.njit(cache=True, nogil=True)
def _read_tail(data: ByteArray, start: int, end: int) -> int:
    signs = INVITING * _invites(data, start, end)
    last = end - 1 - (data[end - 1] == _FULL_STOP)
    is_closed = last > start and data[last] in _CLOSING
    for at in range(start, end):
        byte = data[at]
        if not _IS_SOUGHT[byte]:
            continue
        if byte in _OPENING:
            signs |= BRACKETED * is_closed
        elif byte in _SIGNS:
            signs |= _read_sign(data, start, at, end)
        elif byte | _CASE_BIT == _BY[0] and _says_by(data, at, end):
            signs |= SIGNED
    return signs


@numba.njit(cache=True, nogil=True)
def read_tails(data: ByteArray, starts: Offsets, ends: Offsets) -> npt.NDArray[np.int8]:
    """Bits BRACKETED, DOTTED, ... of byte ranges at the ends of trimmed lines.

    A bit that is not set rules out what it stands for; one that is set rules out
    nothing.
    """
    signs = np.zeros(len(starts), dtype=np.int8)
    for row in range(len(starts)):
        if ends[row] > starts[row]:
            signs[row] = _read_tail(data, starts[row], ends[row])
    return signs
