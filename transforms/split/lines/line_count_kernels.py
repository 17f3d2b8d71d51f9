"""What can be counted in the bytes of lines: letters, words, ends, and hashes.

Compiled byte loops, because one pass over the buffer replaces a dozen passes of string
expressions; a long line is read at both ends only.
"""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import (
    ASCII,
    BLANK,
    CLASSES,
    CLOSE,
    COLON,
    DASH,
    DIGIT,
    ELLIPSIS,
    LOWER,
    OPEN,
    OTHER,
    QUOTE,
    STOP,
    UPPER,
    read_character,
    step_back,
)

CountTable = npt.NDArray[np.int32]
HashTable = npt.NDArray[np.uint64]
_Row = npt.NDArray[np.int32]
_Bits = npt.NDArray[np.uint64]

MAX_WHOLE_LINE_BYTES: Final = 200
MAX_LETTERS: Final = 120
COUNTS: Final = (
    "words",
    "capitalised",  # words that start with a capital
    "long_lower",  # words of four letters and more that start small
    "upper",
    "lower",
    "digits",
    "first_class",
    "last_class",
    "ends_sentence",
    "bytes",
    "head_signs",  # dashes, brackets, colons and capital words near the start
    "run_in",  # words of a heading at the start of a line of text, 0 without
)
HASHES: Final = ("text_hash", "shape_hash", "lead_hash", "form_hash", "word_hash")
(_WORDS, _CAPITALISED, _LONG_LOWER, _UPPERS, _LOWERS, _DIGITS) = range(6)
(_FIRST, _LAST, _ENDS, _BYTES, _HEAD_SIGNS, _RUN_IN) = range(6, 12)
(_TEXT_HASH, _SHAPE_HASH, _LEAD_HASH, _FORM_HASH, _WORD_HASH) = range(5)
_SEED: Final = np.uint64(0xCBF29CE484222325)
_PRIME: Final = np.uint64(0x100000001B3)
_SPACE: Final = 32
_CASE_BIT: Final = 32
_LONG_WORD: Final = 4  # letters
_NUMBER: Final = np.uint64(48)
_COLON: Final = 58
_LEAD_WORDS: Final = 2
_SIGN_FORM: Final = 16
_CLOSERS: Final = 4
_HEAD_CHARS: Final = 60
_RUN_IN_CHARS: Final = 90
_RUN_IN_MIN_BYTES: Final = 50
_LEAD_BYTES: Final = 32  # of a long line, for its first words
_ABBREVIATION_LETTERS: Final = 3
_UNDERSCORE: Final = ord("_")
# What a word holds, as bits.
_NUMERAL, _LETTER, _CAPITAL, _SMALL, _OPENS_LARGE = 1, 2, 4, 8, 16
_HOLDS_KIND: Final = np.zeros(BLANK + 1, dtype=np.uint8)
_HOLDS_KIND[[DIGIT, UPPER, LOWER]] = _NUMERAL, _LETTER | _CAPITAL, _LETTER | _SMALL
_HOLDS: Final = _HOLDS_KIND[CLASSES[:ASCII]]  # by byte


@numba.njit(cache=True, nogil=True)
def _count_words(data: ByteArray, start: int, end: int, counts: _Row) -> None:
    """Add the word and letter counts of a byte range to a row of the table."""
    letters, seen = 0, 0
    is_small = False
    at = start
    while at < end and seen < MAX_LETTERS:
        kind, width = read_character(data, at, end)
        if UPPER <= kind <= DIGIT:
            counts[_UPPERS - 1 + kind] += 1
            if letters == 0:
                counts[_WORDS] += 1
                counts[_CAPITALISED] += kind == UPPER
                is_small = kind == LOWER
            letters += 1
            seen += 1
        elif kind != QUOTE or letters == 0:
            counts[_LONG_LOWER] += is_small and letters >= _LONG_WORD
            letters = 0
        at += width
    counts[_LONG_LOWER] += is_small and letters >= _LONG_WORD


@numba.njit(cache=True, nogil=True)
def _ends_sentence(data: ByteArray, start: int, end: int) -> int:
    """1 when the range ends with a stop, perhaps closed by quotes or brackets."""
    for _ in range(_CLOSERS):
        if end <= start:
            return 0
        last = step_back(data, start, end)
        kind = read_character(data, last, end)[0]
        if kind in (STOP, ELLIPSIS):
            return 1
        if kind not in (QUOTE, CLOSE):
            return 0
        end = last
    return 0


@numba.njit(cache=True, nogil=True)
def _mix(state: np.uint64, byte: int) -> np.uint64:
    return (state ^ np.uint64(byte)) * _PRIME


@numba.njit(cache=True, nogil=True)
def _fold_word(data: ByteArray, first: int, end: int) -> tuple[np.uint64, int, int]:
    """Hash of the word at a byte, its end, and what it holds: bits of `_HOLDS`."""
    word, at, holds = _SEED, first, 0
    while at < end:
        byte = data[at]
        if byte < ASCII:
            holding = int(_HOLDS[byte])
            if not holding:
                break
            word = _mix(word, byte | _CASE_BIT if holding & _CAPITAL else byte)
            width = 1
        else:
            kind, width = read_character(data, at, end)
            if not UPPER <= kind <= DIGIT:
                break
            holding = int(_HOLDS_KIND[kind])
            for place in range(at, at + width):
                word = _mix(word, data[place])
        if at == first and holding & _CAPITAL:
            holding = _LETTER | _OPENS_LARGE
        holds |= holding
        at += width
    return word, at, holds


@numba.njit(cache=True, nogil=True)
def _word_form(holds: int) -> int:
    """1 a number or code, 2 capitals only, 3 a capital and small letters, 4 small."""
    if holds & _NUMERAL:
        return 1
    if holds & _CAPITAL and not holds & _SMALL:
        return 2
    return 3 if holds & _OPENS_LARGE else 4


@numba.njit(cache=True, nogil=True)
def _add_form(form: np.uint64, last: int, new: int) -> tuple[np.uint64, int]:
    """Take up the form of a word or sign; a run of the same counts once."""
    return (form, last) if new == last else (_mix(form, new), new)


@numba.njit(cache=True, nogil=True)
def _hash_line(data: ByteArray, start: int, end: int, hashes: _Bits) -> None:
    """Hashes of the words, the shape (numbers as one), the lead-in, and the forms.

    The lead-in ends at the first colon, else after two words. Quotes and other signs do
    not count, so that straight and curly quotes hash alike, nor do numbers at either
    end of the words, which are an item's place in a list or its page.
    """
    text, shape, lead = _SEED, _SEED, _SEED
    waiting, form = _SEED, _SEED
    has_text = False
    words, last = 0, 0
    at = start
    while at < end:
        word, after, holds = _fold_word(data, at, end)
        if holds:
            waiting = (_mix(waiting, _SPACE) ^ word) if has_text else waiting
            if holds & _LETTER:
                text = waiting if has_text else word
                waiting = text
                has_text = True
            part = _NUMBER if holds & _NUMERAL else word
            form, last = _add_form(form, last, _word_form(holds))
            shape = _mix(shape, _SPACE) ^ part
            if words < _LEAD_WORDS:
                lead = _mix(lead, _SPACE) ^ part
            words += 1
            at = after
        else:
            if data[at] == _COLON and words <= _LEAD_WORDS:
                lead = _mix(lead, _COLON)
                words += _LEAD_WORDS
            kind, width = read_character(data, at, end)
            if kind not in (BLANK, QUOTE):
                form, last = _add_form(form, last, _SIGN_FORM + kind)
            at += width
    hashes[_FORM_HASH] = form
    hashes[_TEXT_HASH] = text if has_text else shape
    hashes[_SHAPE_HASH] = shape
    hashes[_LEAD_HASH] = lead


@numba.njit(cache=True, nogil=True)
def _count_capitals(data: ByteArray, start: int, end: int) -> int:
    capitals = 0
    while start < end:
        kind, width = read_character(data, start, end)
        capitals += kind == UPPER
        start += width
    return capitals


@numba.njit(cache=True, nogil=True)
def _read_head(data: ByteArray, start: int, end: int) -> tuple[np.uint64, int]:
    """Hash of the first word, and whether signs of a byline or dateline are near."""
    at, word, signs = start, _SEED, 0
    for _ in range(_HEAD_CHARS):
        if at >= end:
            break
        kind, width = read_character(data, at, end)
        if word == _SEED and UPPER <= kind <= DIGIT:
            first = at
            word, at, holds = _fold_word(data, first, end)
            if holds & _CAPITAL:
                signs += _count_capitals(data, first, at) > 1
        else:
            is_sign = (kind == DASH) | (kind == OPEN) | (kind == COLON)
            signs += is_sign | (data[at] == _UNDERSCORE)
            at += width
    return word, signs


@numba.njit(cache=True, nogil=True)
def _count_run_in(data: ByteArray, start: int, end: int) -> int:
    """Words before the first stop, colon, or dash that text follows; 0 without one.

    A stop behind few letters is that of an abbreviation.
    """
    at, words, letters = start, 0, 0
    is_spaced, sign = False, OTHER
    for _ in range(_RUN_IN_CHARS):
        if at >= end:
            return 0
        kind, width = read_character(data, at, end)
        if UPPER <= kind <= DIGIT:
            if is_spaced and sign != OTHER:
                return words
            words += letters == 0
            letters += 1
            sign, is_spaced = OTHER, False
        elif kind == BLANK:
            is_spaced = True
            letters = 0
        elif words and kind not in (OPEN, QUOTE):
            is_stop = (kind == STOP) & (letters > _ABBREVIATION_LETTERS)
            if is_stop or kind == COLON or (kind == DASH and is_spaced):
                sign = kind
            is_spaced = False
            letters = 0
        at += width
    return 0


def hash_word(word: str) -> np.uint64:
    """Hash of a word; of one of small letters, as in column `word_hash`."""
    state = int(_SEED)
    for byte in word.encode():
        state = ((state ^ byte) * int(_PRIME)) % (1 << 64)
    return np.uint64(state)


@numba.njit(cache=True, nogil=True)
def scan_lines(
    data: ByteArray, starts: Offsets, ends: Offsets
) -> tuple[CountTable, HashTable]:
    """Counts and hashes of trimmed lines; see `COUNTS` and `HASHES` for the columns.

    Of a line the first 120 letters are counted. The hashes of lines longer than
    `MAX_WHOLE_LINE_BYTES` equal no other line's, but for those of the first words.
    """
    counts = np.zeros((len(starts), len(COUNTS)), dtype=np.int32)
    hashes = np.zeros((len(starts), len(HASHES)), dtype=np.uint64)
    for row in range(len(starts)):
        start, end = starts[row], ends[row]
        if end <= start:
            continue
        counts[row, _BYTES] = min(end - start, 1 << 30)
        counts[row, _FIRST] = read_character(data, start, end)[0]
        counts[row, _LAST] = read_character(data, step_back(data, start, end), end)[0]
        counts[row, _ENDS] = _ends_sentence(data, start, end)
        _count_words(data, start, end, counts[row])
        word, signs = _read_head(data, start, end)
        counts[row, _HEAD_SIGNS] = signs
        if counts[row, _FIRST] != LOWER and end - start > _RUN_IN_MIN_BYTES:
            counts[row, _RUN_IN] = _count_run_in(data, start, end)
        if end - start <= MAX_WHOLE_LINE_BYTES:
            _hash_line(data, start, end, hashes[row])
        else:
            _hash_line(data, start, start + _LEAD_BYTES, hashes[row])
            lead = hashes[row, _LEAD_HASH]
            hashes[row, :] = np.uint64(row)
            hashes[row, _LEAD_HASH] = lead
        hashes[row, _WORD_HASH] = word
    return counts, hashes
