"""What the last bytes of a line hint at, so that few are searched for patterns."""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.split.lines.line_count_kernels import hash_bytes, hash_word
from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import ASCII

# Signs of a tail, as bits.
BRACKETED: Final = 1  # a name in brackets after the end of a sentence
DOTTED: Final = 2  # three dots or an ellipsis
DASHED: Final = 4  # a dash after the end of a sentence, and a short name
SIGNED: Final = 8  # "...ing by"
INVITING: Final = 16  # the last word may be that of "read more" and the like
CREDITING: Final = 32  # a bracket that opens with a word of work closes the line
INCORPORATED: Final = 64  # the last word is that of a company's name

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
_INVITING_ENDS: Final = (tuple(b"ore"), tuple(b"ing"), tuple(b"ory"))
_WORK_LETTERS: Final = tuple(b"arewct")  # additional, reporting, editing, ...
_CAPITALS: Final = (ord("A"), ord("Z"))
_SMALL_NAME: Final = ord("d")
_PARTING: Final = (_SPACE, _HYPHEN, ord("/"))
_MAX_NAME_PARTS: Final = 4  # besides the first
_COMPANY_WORDS: Final = np.array(
    [
        hash_word(word)
        for word in (
            *("Ltd", "Limited", "Inc", "LLC", "plc", "GmbH", "Corp", "Corporation"),
            "Company",
        )
    ]
)
_MAX_COMPANY_BYTES: Final = 11
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
    """Whether the last letters of ASCII are those that the sought words end in."""
    at = end - 1
    while at >= start:
        small = data[at] | _CASE_BIT
        if data[at] < ASCII and _LETTERS[0] <= small <= _LETTERS[1]:
            break
        at -= 1
    if at < start + 2:
        return False
    before, last = data[at - 2] | _CASE_BIT, data[at - 1] | _CASE_BIT
    for one, two, three in _INVITING_ENDS:
        if before == one and last == two and data[at] | _CASE_BIT == three:
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _names_company(data: ByteArray, start: int, end: int) -> bool:
    """Whether the last word, a full stop behind it or not, is one of a company."""
    end -= data[end - 1] == _FULL_STOP
    first = end
    while first > start and end - first <= _MAX_COMPANY_BYTES:
        small = data[first - 1] | _CASE_BIT
        if data[first - 1] >= ASCII or not _LETTERS[0] <= small <= _LETTERS[1]:
            break
        first -= 1
    is_apart = first > start and (data[first - 1] <= _SPACE or data[first - 1] >= ASCII)
    if first == end or not is_apart:
        return False
    word = hash_bytes(data, first, end)
    return bool((word == _COMPANY_WORDS).any())


@numba.njit(cache=True, nogil=True)
def _begins_name(data: ByteArray, at: int, end: int) -> bool:
    """Whether a capital, or the "d" of "dpa", may stand at `at`."""
    if at >= end:
        return False
    byte = data[at]
    is_capital = _CAPITALS[0] <= byte <= _CAPITALS[1]
    return bool(is_capital or byte == _SMALL_NAME or byte >= ASCII)


@numba.njit(cache=True, nogil=True)
def _names_agency(data: ByteArray, at: int, end: int) -> bool:
    """Whether the rest of a line, behind a dash, may be a name of few parts."""
    at += at < end and data[at] == _HYPHEN
    at += at < end and data[at] <= _SPACE
    if not _begins_name(data, at, end):
        return False
    parts = 0
    while at < end and parts <= _MAX_NAME_PARTS:
        parts += data[at] in _PARTING
        at += 1
    return parts <= _MAX_NAME_PARTS


@numba.njit(cache=True, nogil=True)
def _read_sign(data: ByteArray, start: int, at: int, end: int) -> int:
    """Bits that a hyphen, a full stop, an ampersand or a longer sign sets."""
    byte, width = data[at], 1
    if byte == _BIG_SIGN and at + 2 < end:
        if data[at + 2] == _ELLIPSIS_END:
            return DOTTED
        if data[at + 2] in _DASH_ENDS:
            byte, width = np.uint8(_HYPHEN), 3
    if byte == _HYPHEN:
        if not _names_agency(data, at + width, end):
            return 0
        return DASHED * _follows_sentence(data, start, at)
    if byte == _BIG_SIGN or at + 1 >= end:
        return 0
    return DOTTED * (data[at + 1] in _AFTER_DOT)


@numba.njit(cache=True, nogil=True)
def _read_bracket(data: ByteArray, start: int, at: int, end: int) -> int:
    """Bits that an opening bracket sets in a line that a bracket closes."""
    signs = CREDITING * (at + 1 < end and data[at + 1] | _CASE_BIT in _WORK_LETTERS)
    if not _begins_name(data, at + 1, end):
        return signs
    at -= 1
    while at > start and (data[at] <= _SPACE or data[at] == _HYPHEN):
        at -= 1
    is_end = at >= start and (data[at] >= ASCII or data[at] in _ENDS)
    return signs | BRACKETED * is_end


@numba.njit(cache=True, nogil=True)
def _read_tail(data: ByteArray, start: int, end: int) -> int:
    signs = INVITING * _invites(data, start, end)
    signs |= INCORPORATED * _names_company(data, start, end)
    last = end - 1 - (data[end - 1] == _FULL_STOP)
    is_closed = last > start and data[last] in _CLOSING
    for at in range(start, end):
        byte = data[at]
        if not _IS_SOUGHT[byte]:
            continue
        if byte in _OPENING:
            # A name has no brackets within: only the last one counts.
            signs &= ~BRACKETED
            signs |= _read_bracket(data, start, at, end) if is_closed else 0
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
