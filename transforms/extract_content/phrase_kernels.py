"""Words and phrases of lists found among the words of texts: open hash tables."""

from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.extract_content.word_kernels import Counts, WordArrays, WordKeys
from transforms.text.buffers import Offsets

_PRIME: Final = np.uint64(0x100000001B3)
_MIX: Final = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT: Final = np.uint64(33)
_BLANK_LINE: Final = 3
_NONE: Final = -1
_EMPTY: Final = np.uint64(0)


@numba.njit(cache=True, nogil=True)
def chain(state: np.uint64, key: np.uint64) -> np.uint64:
    """Hash of a phrase that is one word longer; the empty one has 0, none else has."""
    mixed = (state * _PRIME) ^ key
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX
    return (mixed ^ (mixed >> _SHIFT)) | np.uint64(1)


@numba.njit(cache=True, nogil=True)
def _slot(state: np.uint64, hashes: WordKeys) -> np.int64:
    """Where a hash stands in an open table, or the empty slot where it would."""
    mask = np.uint64(len(hashes) - 1)
    slot = (state >> np.uint64(20)) & mask
    while hashes[slot] != _EMPTY and hashes[slot] != state:
        slot = (slot + np.uint64(1)) & mask
    return np.int64(slot)


@numba.njit(cache=True, nogil=True)
def fill_sets(keys: WordKeys, bits: Counts, hashes: WordKeys, sets: Counts) -> None:
    """Fill an open table with words and the sets that they are of.

    Args:
        keys: Of the words; one may come several times.
        bits: The set of each.
        hashes: All 0, a power of two, at least twice as long as `keys`.
        sets: As long, all 0.
    """
    for row in range(len(keys)):
        slot = _slot(keys[row], hashes)
        hashes[slot] = keys[row]
        sets[slot] |= bits[row]


@numba.njit(cache=True, nogil=True)
def look_up(keys: WordKeys, hashes: WordKeys, sets: Counts) -> Counts:
    """The sets of each word, as `fill_sets` knows them."""
    found = np.zeros(len(keys), dtype=np.uint32)
    for row in range(len(keys)):
        slot = _slot(keys[row], hashes)
        if hashes[slot] != _EMPTY:
            found[row] = sets[slot]
    return found


@numba.njit(cache=True, nogil=True)
def have_bit(sets: Counts, bit: np.uint32) -> npt.NDArray[np.bool_]:
    """Which have one bit set."""
    flags = np.empty(len(sets), dtype=np.bool_)
    for row in range(len(sets)):
        flags[row] = (sets[row] & bit) != 0
    return flags


@numba.njit(cache=True, nogil=True)
def number_words(keys: WordKeys) -> tuple[Counts, WordKeys]:
    """Code of each word, and the key of each code: texts say few different words."""
    codes = np.empty(len(keys), dtype=np.uint32)
    distinct = np.empty(1 << 14, dtype=np.uint64)
    numbers = np.empty(2 * len(distinct), dtype=np.uint32)
    hashes = np.zeros(len(numbers), dtype=np.uint64)
    count = 0
    for row in range(len(keys)):
        slot = _slot(keys[row], hashes)
        if hashes[slot] == _EMPTY:
            if count == len(distinct):
                distinct = np.concatenate((distinct, np.empty_like(distinct)))
                numbers = np.empty(2 * len(distinct), dtype=np.uint32)
                hashes = np.zeros(len(numbers), dtype=np.uint64)
                for code in range(count):
                    slot = _slot(distinct[code], hashes)
                    hashes[slot], numbers[slot] = distinct[code], code
                slot = _slot(keys[row], hashes)
            hashes[slot], numbers[slot] = keys[row], count
            distinct[count] = keys[row]
            count += 1
        codes[row] = numbers[slot]
    return codes, distinct[:count].copy()


@numba.njit(cache=True, nogil=True)
def gather_coded(values: npt.NDArray[Any], codes: Counts) -> npt.NDArray[Any]:
    """What each word has that is said of each code."""
    taken = np.empty(len(codes), dtype=values.dtype)
    for row in range(len(codes)):
        taken[row] = values[codes[row]]
    return taken


@numba.njit(cache=True, nogil=True)
def begin_phrases(keys: WordKeys, hashes: WordKeys) -> npt.NDArray[np.bool_]:
    """Which words begin a phrase that `fill_phrases` knows."""
    begins = np.empty(len(keys), dtype=np.bool_)
    for row in range(len(keys)):
        begins[row] = hashes[_slot(chain(_EMPTY, keys[row]), hashes)] != _EMPTY
    return begins


@numba.njit(cache=True, nogil=True)
def fill_phrases(
    keys: WordKeys,
    starts: Offsets,
    numbers: npt.NDArray[np.int32],
    hashes: WordKeys,
    phrases: npt.NDArray[np.int32],
) -> None:
    """Fill an open table with phrases and all that they begin with.

    Args:
        keys: Of the words of all phrases, back to back.
        starts: Where each phrase starts among them, and the end of the last.
        numbers: What each phrase is known by; of two that are equal the first stays.
        hashes: All 0, a power of two, at least twice as long as `keys`.
        phrases: As long, all -1, which stays where no phrase ends.
    """
    for row in range(len(starts) - 1):
        state = _EMPTY
        slot = np.int64(0)
        for place in range(starts[row], starts[row + 1]):
            state = chain(state, keys[place])
            slot = _slot(state, hashes)
            hashes[slot] = state
        if starts[row + 1] > starts[row] and phrases[slot] == _NONE:
            phrases[slot] = numbers[row]


@numba.njit(cache=True, nogil=True)
def find_longest(
    words: WordArrays,
    may_start: npt.NDArray[np.bool_],
    hashes: WordKeys,
    phrases: npt.NDArray[np.int32],
    found: npt.NDArray[np.int64],
) -> int:
    """Fill `found` with the longest phrases, from left to right, none over another.

    Args:
        words: Of any texts.
        may_start: Which of them may be the first of a phrase.
        hashes: Of `fill_phrases`.
        phrases: Likewise.
        found: Three columns, as many rows as words may be the first: first word, the
            one after the last, number of the phrase.

    Returns:
        How many there are.
    """
    count, at, total = 0, 0, len(words.key)
    while at < total:
        if not may_start[at]:
            at += 1
            continue
        state, best, stop, place = _EMPTY, _NONE, at, at
        while place < total and (place == at or words.space[place] != _BLANK_LINE):
            state = chain(state, words.key[place])
            slot = _slot(state, hashes)
            if hashes[slot] == _EMPTY:
                break
            place += 1
            if phrases[slot] != _NONE:
                best, stop = phrases[slot], place
        if best == _NONE:
            at += 1
            continue
        found[count, 0], found[count, 1], found[count, 2] = at, stop, best
        count += 1
        at = stop
    return count
