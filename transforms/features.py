"""Words of a text and their hashes, straight from UTF-8 bytes.

A word is a run of letters and digits, case-folded and without accents, so that other
quotes, dashes, spaces, and line breaks give the same words. Compiled loops, because a
regular expression reads 40 MB/s and Python 1: here a byte costs a nanosecond.
"""

import unicodedata
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.buffers import ByteArray, Offsets

FoldTable = npt.NDArray[np.uint64]
HashArray = npt.NDArray[np.uint64]
Hashes = Any  # one hash or an array of them

FOLD_BREAK: Final = 0  # neither letter nor digit: ends a word
FOLD_SKIP: Final = 1  # belongs to no letter of its own: accents, soft hyphens
NUMBER: Final = np.uint64(0x9E3779B97F4A7C15)  # every word of digits alone
_PLANE: Final = 0x10000
_MOST_FOLDED: Final = 3

_SEED: Final = np.uint64(0xCBF29CE484222325)
_PRIME: Final = np.uint64(0x100000001B3)
_MIX: Final = np.uint64(0xFF51AFD7ED558CCD)
_PAIR: Final = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT: Final = np.uint64(33)
_LOW: Final = np.uint64(0xFFFF)
_NEXT: Final = np.uint64(16)
_ONE: Final = np.uint64(1)
_ZERO: Final = np.uint64(0)


@numba.njit(cache=True, nogil=True)
def scan_words(  # noqa: C901, PLR0912 - one pass over bytes, inlined for speed
    data: ByteArray,
    span: tuple[int, int],
    fold: FoldTable,
    hashes: HashArray,
    starts: Offsets,
    ends: Offsets,
) -> int:
    """Words of one field: their hashes and where they stand.

    Args:
        data: UTF-8 bytes.
        span: Byte range of the field; its characters count from 0.
        fold: What a code point below U+10000 becomes: FOLD_BREAK, FOLD_SKIP, or up to
            three code points of 16 bits, first one lowest.
        hashes: Filled with one hash per word; reading stops when it is full.
        starts: Filled with the first character of each word.
        ends: Filled with the character after each word.

    Returns:
        Number of words.
    """
    position, stop = span
    count, char = 0, 0
    word, word_start, in_word, digits_only = _SEED, 0, False, True
    word_end = 0
    room = len(hashes)
    while position < stop:
        byte = data[position]
        if byte < 0x80:
            code, width = np.int64(byte), 1
        elif byte < 0xE0:
            code = ((np.int64(byte) & 0x1F) << 6) | (data[position + 1] & 0x3F)
            width = 2
        elif byte < 0xF0:
            code = (
                ((np.int64(byte) & 0x0F) << 12)
                | ((np.int64(data[position + 1]) & 0x3F) << 6)
                | (data[position + 2] & 0x3F)
            )
            width = 3
        else:
            code = (
                ((np.int64(byte) & 0x07) << 18)
                | ((np.int64(data[position + 1]) & 0x3F) << 12)
                | ((np.int64(data[position + 2]) & 0x3F) << 6)
                | (data[position + 3] & 0x3F)
            )
            width = 4
        if code < _PLANE:
            folded = fold[code]
        elif 0x1F000 <= code < 0x20000 or code >= 0xE0000:
            folded = _ZERO  # pictures and tags
        else:
            folded = np.uint64(code & 0xFFFF) | np.uint64(0x20000)
        position += width
        if folded > _ONE:
            if not in_word:
                in_word, digits_only, word, word_start = True, True, _SEED, char
            while folded > _ZERO:
                letter = folded & _LOW
                digits_only &= np.uint64(48) <= letter <= np.uint64(57)
                word = (word ^ letter) * _PRIME
                folded >>= _NEXT
            char += 1
            word_end = char
            continue
        char += 1
        if in_word and folded == _ZERO:
            in_word = False
            if count == room:
                return count
            word = (word ^ (word >> _SHIFT)) * _MIX
            hashes[count] = NUMBER if digits_only else word ^ (word >> _SHIFT)
            starts[count], ends[count] = word_start, word_end
            count += 1
    if in_word and count < room:
        word = (word ^ (word >> _SHIFT)) * _MIX
        hashes[count] = NUMBER if digits_only else word ^ (word >> _SHIFT)
        starts[count], ends[count] = word_start, word_end
        count += 1
    return count


@numba.njit(cache=True, nogil=True)
def pair_hash(first: Hashes, second: Hashes) -> Hashes:
    """Hash of two words that follow each other; of numbers or of arrays."""
    mixed = (first * _PAIR) ^ second
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX
    return mixed ^ (mixed >> _SHIFT)


def fold_table() -> FoldTable:
    """What each code point below U+10000 becomes in a word.

    Compatibility forms, case, and accents fold away. A classifier keeps the table that
    it was fitted with, so that another Unicode version cannot change its scores.
    """
    table = np.zeros(_PLANE, dtype=np.uint64)
    for code in range(_PLANE):
        table[code] = _fold(chr(code))
    return table


def _fold(character: str) -> int:
    category = unicodedata.category(character)
    if category == "Cs":  # half of a surrogate pair: in no valid text
        return FOLD_BREAK
    if category.startswith("M") or category == "Cf":
        return FOLD_SKIP
    folded = unicodedata.normalize("NFKC", character).casefold()
    letters = [c for c in unicodedata.normalize("NFKD", folded) if c.isalnum()]
    if not letters and character.isalnum():
        letters = [character]
    return sum(ord(c) << 16 * place for place, c in enumerate(letters[:_MOST_FOLDED]))


def hash_words(text: str, fold: FoldTable, limit: int) -> HashArray:
    r"""Hashes of a text's first words.

    Example:
        >>> fold = fold_table()
        >>> hash_words("Oil—“Prices”", fold, 9) == hash_words("OIL\nprices", fold, 9)
        array([ True,  True])
    """
    data = np.frombuffer(text.encode("utf-8", "replace"), dtype=np.uint8)
    hashes = np.empty(limit, dtype=np.uint64)
    places = np.empty((2, limit), dtype=np.int64)
    count = scan_words(data, (0, len(data)), fold, hashes, places[0], places[1])
    return hashes[:count].copy()
