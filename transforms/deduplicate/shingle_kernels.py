"""Shingles of texts, their sketches, and what two texts share: compiled loops.

A shingle is a run of letters as long as about three words. It is taken at every letter
of the reduced text, so that spaces, quotes, line breaks, and case play no part, and
scripts without spaces are read like the others. All loops stand in one file, because
Numba keeps compiled code until that very file changes. With sets of Python's strings
sketches take thirty times as long, and the star, which makes them, more than ten.
"""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import read_code_point

HashArray = npt.NDArray[np.uint64]
Sketches = npt.NDArray[np.uint32]

SHINGLE_LETTERS: Final = 16
_IDEOGRAPH_LETTERS: Final = 3  # one ideograph or syllable says as much as so many
_FIRST_IDEOGRAPH: Final = np.uint64(0x2E80)
SKETCH_BINS: Final = 32
_BIN_SHIFT: Final = np.uint64(59)
_VALUE_MASK: Final = np.uint64(0xFFFFFFFF)
_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_1: Final = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2: Final = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT: Final = np.uint64(33)
_NONE: Final = np.uint64(0xFFFFFFFFFFFFFFFF)


@numba.njit(cache=True, nogil=True)
def _mix(rolling: np.uint64) -> np.uint64:
    mixed = (rolling ^ (rolling >> _SHIFT)) * _MIX_1
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX_2
    return mixed ^ (mixed >> _SHIFT)


@numba.njit(cache=True, nogil=True)
def _weight(letter: np.uint64) -> int:
    return _IDEOGRAPH_LETTERS if letter >= _FIRST_IDEOGRAPH else 1


@numba.njit(cache=True, nogil=True)
def scan_shingles(data: ByteArray, hashes: HashArray) -> int:
    """Hashes of all shingles of one text, in order of appearance.

    Args:
        data: UTF-8 bytes of the reduced text.
        hashes: Filled; as long as the text has bytes is long enough.

    Returns:
        Number of shingles; 0 for a text shorter than one.
    """
    powers = np.empty(SHINGLE_LETTERS + 1, dtype=np.uint64)
    powers[0] = np.uint64(1)
    for place in range(SHINGLE_LETTERS):
        powers[place + 1] = powers[place] * _PRIME
    letters = np.empty(len(data), dtype=np.uint64)
    rolling = np.uint64(0)
    at, size, first, found = 0, 0, 0, 0
    weight, oldest = 0, 0
    while at < len(data):
        letter, width = read_code_point(data, at, len(data))
        at += width
        letters[size] = letter
        rolling = rolling * _PRIME + letters[size]
        weight += _weight(letters[size])
        if size == 0:
            oldest = weight
        while weight - oldest >= SHINGLE_LETTERS:
            rolling -= letters[first] * powers[size - first]
            weight -= oldest
            first += 1
            oldest = _weight(letters[first])
        if weight >= SHINGLE_LETTERS:
            hashes[found] = _mix(rolling)
            found += 1
        size += 1
    return found


@numba.njit(cache=True, nogil=True)
def sketch_texts(
    data: ByteArray, offsets: Offsets, least: int
) -> tuple[Sketches, Offsets]:
    """One-permutation minhash: of each bin of hashes, the smallest shingle there.

    Bin and order are taken from the high half of a hash, the value kept is its low
    half, so that values of different texts meet only where the shingle is the same.

    Args:
        data: UTF-8 bytes of reduced texts, back to back.
        offsets: One more than texts.
        least: Texts with fewer shingles get no sketch.

    Returns:
        Values of all texts back to back, and one more offset than texts.
    """
    count = len(offsets) - 1
    hashes = np.empty(len(data), dtype=np.uint64)
    smallest = np.empty(SKETCH_BINS, dtype=np.uint64)
    values = np.empty(count * SKETCH_BINS, dtype=np.uint32)
    ends = np.zeros(count + 1, dtype=np.int64)
    filled = 0
    for row in range(count):
        found = scan_shingles(data[offsets[row] : offsets[row + 1]], hashes)
        smallest[:] = _NONE
        if found >= least:
            for hash_ in hashes[:found]:
                bin_ = hash_ >> _BIN_SHIFT
                smallest[bin_] = min(smallest[bin_], hash_)
            for value in smallest:
                if value != _NONE:
                    values[filled] = np.uint32(value & _VALUE_MASK)
                    filled += 1
        ends[row + 1] = filled
    return values[:filled], ends


@numba.njit(cache=True, nogil=True)
def _empty_table(size: int) -> HashArray:
    """An open-addressed table of a power of two of slots, at least twice as many."""
    slots = 16
    while slots < 2 * size:
        slots *= 2
    return np.full(slots, _NONE, dtype=np.uint64)


@numba.njit(cache=True, nogil=True)
def _slot(table: HashArray, hash_: np.uint64) -> np.uint64:
    """Where the hash stands in the table, or the free slot for it."""
    mask = np.uint64(len(table) - 1)
    slot = hash_ & mask
    while table[slot] != _NONE and table[slot] != hash_:
        slot = (slot + np.uint64(1)) & mask
    return slot


@numba.njit(cache=True, nogil=True)
def distinct_shingles(data: ByteArray, offsets: Offsets) -> tuple[HashArray, Offsets]:
    """Distinct shingles of each text in order of appearance, back to back.

    Args:
        data: UTF-8 bytes of reduced texts, back to back.
        offsets: One more than texts.

    Returns:
        Hashes, and one more offset than texts.
    """
    hashes = np.empty(len(data), dtype=np.uint64)
    ends = np.zeros(len(offsets), dtype=np.int64)
    kept = 0
    for row in range(len(offsets) - 1):
        first = kept
        found = scan_shingles(data[offsets[row] : offsets[row + 1]], hashes[first:])
        table = _empty_table(found)
        for hash_ in hashes[first : first + found]:
            slot = _slot(table, hash_)
            if table[slot] == _NONE:
                table[slot] = hash_
                hashes[kept] = hash_
                kept += 1
        ends[row + 1] = kept
    return hashes[:kept], ends


@numba.njit(cache=True, nogil=True)
def count_shared(
    hashes: HashArray, offsets: Offsets, firsts: Offsets, seconds: Offsets
) -> Offsets:
    """Shingles that the two texts of each pair have in common.

    Args:
        hashes: As `distinct_shingles` gives them.
        offsets: Likewise.
        firsts: Row of one text per pair; fastest when equal ones stand together.
        seconds: Row of the other.
    """
    shared = np.zeros(len(firsts), dtype=np.int64)
    table = _empty_table(0)
    filled = -1
    for pair in range(len(firsts)):
        first, second = firsts[pair], seconds[pair]
        if first != filled:
            ones = hashes[offsets[first] : offsets[first + 1]]
            table = _empty_table(len(ones))
            for hash_ in ones:
                table[_slot(table, hash_)] = hash_
            filled = first
        for hash_ in hashes[offsets[second] : offsets[second + 1]]:
            shared[pair] += table[_slot(table, hash_)] == hash_
    return shared


@numba.njit(cache=True, nogil=True)
def lead_rows(components: Offsets, days: Offsets, most_days: int) -> Offsets:
    """First row of each row's story: components, cut where they last too long.

    Args:
        components: Per row, ascending; equal ones stand together.
        days: Per row, ascending within its component.
        most_days: A row more days after the first of its story starts another one.
    """
    leads = np.arange(len(components))
    for row in range(1, len(components)):
        lead = leads[row - 1]
        if (
            components[row] == components[row - 1]
            and days[row] - days[lead] <= most_days
        ):
            leads[row] = lead
    return leads
