"""Shingles of texts, their sketches, and what two texts share: compiled loops.

A shingle is a run of letters as long as about three words. It is taken at every letter
of the reduced text, so that spaces, quotes, line breaks, and case play no part, and
scripts without spaces are read like the others. All loops stand in one file, because
Numba keeps compiled code until that very file changes.
"""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets

HashArray = npt.NDArray[np.uint64]
Sketches = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.int64]

SHINGLE_LETTERS: Final = 16
_IDEOGRAPH_LETTERS: Final = 3  # one ideograph or syllable says as much as so many
_FIRST_IDEOGRAPH: Final = 0x2E80
SKETCH_BINS: Final = 32
_BIN_SHIFT: Final = np.uint64(59)
_VALUE_MASK: Final = np.uint64(0xFFFFFFFF)
_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_1: Final = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2: Final = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT: Final = np.uint64(33)
_NONE: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_ONE: Final = np.uint64(1)
_BIT_MASK: Final = np.uint64(63)
_MARK_WORDS: Final = 1024
_MARK_SHIFT: Final = np.uint64(54)  # leaves a number below _MARK_WORDS
_TWO_BYTES: Final = 0x80
_THREE_BYTES: Final = 0xE0
_FOUR_BYTES: Final = 0xF0


@numba.njit(cache=True, nogil=True)
def _mix(rolling: np.uint64) -> np.uint64:
    mixed = (rolling ^ (rolling >> _SHIFT)) * _MIX_1
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX_2
    return mixed ^ (mixed >> _SHIFT)


@numba.njit(cache=True, nogil=True)
def _is_ascii(data: ByteArray, start: int, end: int) -> bool:
    bits = np.uint8(0)
    for at in range(start, end):
        bits |= data[at]
    return bool(bits < _TWO_BYTES)


@numba.njit(cache=True, nogil=True)
def _scan_ascii(data: ByteArray, start: int, end: int, hashes: HashArray) -> int:
    """What `scan_shingles` gives of a text whose letters are a byte each."""
    power = np.uint64(1)
    for _ in range(SHINGLE_LETTERS):
        power *= _PRIME
    rolling = np.uint64(0)
    for at in range(start, min(start + SHINGLE_LETTERS, end)):
        rolling = rolling * _PRIME + np.uint64(data[at])
    if end - start < SHINGLE_LETTERS:
        return 0
    hashes[0] = _mix(rolling)
    for at in range(start + SHINGLE_LETTERS, end):
        oldest = np.uint64(data[at - SHINGLE_LETTERS])
        rolling = rolling * _PRIME + (np.uint64(data[at]) - oldest * power)
        hashes[at - start - SHINGLE_LETTERS + 1] = _mix(rolling)
    return end - start - SHINGLE_LETTERS + 1


@numba.njit(cache=True, nogil=True)
def scan_shingles(  # noqa: C901 - one pass over bytes
    data: ByteArray, start: int, end: int, hashes: HashArray
) -> int:
    """Hashes of all shingles of one text, in order of appearance.

    Args:
        data: UTF-8 bytes of reduced texts.
        start: First byte of the text.
        end: End of the text, exclusive.
        hashes: Filled; as long as the text has bytes is long enough.

    Returns:
        Number of shingles; 0 for a text shorter than one.
    """
    if _is_ascii(data, start, end):
        return _scan_ascii(data, start, end, hashes)
    powers = np.empty(SHINGLE_LETTERS + 1, dtype=np.uint64)
    powers[0] = np.uint64(1)
    for place in range(SHINGLE_LETTERS):
        powers[place + 1] = powers[place] * _PRIME
    ring = np.zeros(SHINGLE_LETTERS + 1, dtype=np.uint64)
    oldest, size, letters, found = 0, 0, 0, 0
    rolling = np.uint64(0)
    at = start
    while at < end:
        code = int(data[at])
        if code < _TWO_BYTES:
            at += 1
        elif code < _THREE_BYTES:
            code = ((code & 0x1F) << 6) | (int(data[at + 1]) & 0x3F)
            at += 2
        elif code < _FOUR_BYTES:
            code = (
                ((code & 0x0F) << 12)
                | ((int(data[at + 1]) & 0x3F) << 6)
                | (int(data[at + 2]) & 0x3F)
            )
            at += 3
        else:
            code = (
                ((code & 0x07) << 18)
                | ((int(data[at + 1]) & 0x3F) << 12)
                | ((int(data[at + 2]) & 0x3F) << 6)
                | (int(data[at + 3]) & 0x3F)
            )
            at += 4
        letter = np.uint64(code)
        rolling = rolling * _PRIME + letter
        ring[(oldest + size) % len(ring)] = letter
        size += 1
        letters += _IDEOGRAPH_LETTERS if code >= _FIRST_IDEOGRAPH else 1
        while True:
            first = ring[oldest]
            weight = _IDEOGRAPH_LETTERS if first >= _FIRST_IDEOGRAPH else 1
            if letters - weight < SHINGLE_LETTERS:
                break
            size -= 1
            rolling -= first * powers[size]
            letters -= weight
            oldest = (oldest + 1) % len(ring)
        if letters >= SHINGLE_LETTERS:
            hashes[found] = _mix(rolling)
            found += 1
    return found


@numba.njit(cache=True, nogil=True)
def sketch_texts(
    data: ByteArray, offsets: Offsets, least: int
) -> tuple[Sketches, Offsets]:
    """One-permutation minhash: of each bin of hashes, the smallest shingle there.

    Bin and order are taken from the high half of a hash, the value kept is its low
    half, so that values of different texts meet only where the shingle is the same.

    Args:
        data: UTF-8 bytes of reduced texts.
        offsets: One more than texts.
        least: Texts with fewer shingles get no sketch.

    Returns:
        Values of all texts back to back, and one more offset than texts.
    """
    count = len(offsets) - 1
    longest = 1
    for row in range(count):
        longest = max(longest, offsets[row + 1] - offsets[row])
    hashes = np.empty(longest, dtype=np.uint64)
    smallest = np.empty(SKETCH_BINS, dtype=np.uint64)
    values = np.empty(count * SKETCH_BINS, dtype=np.uint32)
    ends = np.zeros(count + 1, dtype=np.int64)
    filled = 0
    for row in range(count):
        found = scan_shingles(data, offsets[row], offsets[row + 1], hashes)
        smallest[:] = _NONE
        if found >= least:
            for place in range(found):
                bin_ = hashes[place] >> _BIN_SHIFT
                smallest[bin_] = min(smallest[bin_], hashes[place])
            for bin_ in range(SKETCH_BINS):
                if smallest[bin_] != _NONE:
                    values[filled] = np.uint32(smallest[bin_] & _VALUE_MASK)
                    filled += 1
        ends[row + 1] = filled
    return values[:filled], ends


@numba.njit(cache=True, nogil=True)
def _add(table: HashArray, hash_: np.uint64) -> bool:
    """Put a hash into an open-addressed table; tell whether it was not there."""
    mask = np.uint64(len(table) - 1)
    slot = hash_ & mask
    while table[slot] != _NONE:
        if table[slot] == hash_:
            return False
        slot = (slot + np.uint64(1)) & mask
    table[slot] = hash_
    return True


@numba.njit(cache=True, nogil=True)
def _room(size: int) -> int:
    """A power of two, at least twice as many."""
    slots = 16
    while slots < 2 * size:
        slots *= 2
    return slots


@numba.njit(cache=True, nogil=True)
def distinct_shingles(data: ByteArray, offsets: Offsets) -> tuple[HashArray, Offsets]:
    """Distinct shingles of each text in order of appearance, back to back.

    Args:
        data: UTF-8 bytes of reduced texts.
        offsets: One more than texts.

    Returns:
        Hashes, and one more offset than texts.
    """
    count = len(offsets) - 1
    hashes = np.empty(max(offsets[-1] - offsets[0], 1), dtype=np.uint64)
    ends = np.zeros(count + 1, dtype=np.int64)
    kept = 0
    for row in range(count):
        first = kept
        found = scan_shingles(data, offsets[row], offsets[row + 1], hashes[first:])
        table = np.full(_room(found), _NONE, dtype=np.uint64)
        for place in range(first, first + found):
            if _add(table, hashes[place]):
                hashes[kept] = hashes[place]
                kept += 1
        ends[row + 1] = kept
    return hashes[:kept], ends


@numba.njit(cache=True, nogil=True)
def _mark(hashes: HashArray, marks: HashArray) -> None:
    """Set one bit per hash, which tells most other hashes apart from these."""
    marks[:] = np.uint64(0)
    for hash_ in hashes:
        marks[hash_ >> _MARK_SHIFT] |= _ONE << (hash_ & _BIT_MASK)


@numba.njit(cache=True, nogil=True)
def _count_marked(hashes: HashArray, marks: HashArray) -> int:
    count = 0
    for hash_ in hashes:
        count += (marks[hash_ >> _MARK_SHIFT] >> (hash_ & _BIT_MASK)) & _ONE
    return count


@numba.njit(cache=True, nogil=True)
def _fill(hashes: HashArray) -> HashArray:
    """A table for `_add` and `_count_found` of these hashes."""
    table = np.full(_room(len(hashes)), _NONE, dtype=np.uint64)
    for hash_ in hashes:
        _add(table, hash_)
    return table


@numba.njit(cache=True, nogil=True)
def _count_found(hashes: HashArray, table: HashArray) -> int:
    mask = np.uint64(len(table) - 1)
    count = 0
    for hash_ in hashes:
        slot = hash_ & mask
        while table[slot] != _NONE:
            if table[slot] == hash_:
                count += 1
                break
            slot = (slot + np.uint64(1)) & mask
    return count


@numba.njit(cache=True, nogil=True)
def count_shared(
    hashes: HashArray,
    offsets: Offsets,
    firsts: Offsets,
    seconds: Offsets,
    least: Counts,
) -> Counts:
    """Shingles that the two texts of each pair have in common.

    Args:
        hashes: As `distinct_shingles` gives them.
        offsets: Likewise.
        firsts: Row of one text per pair; fastest when equal ones stand together.
        seconds: Row of the other.
        least: Per pair; one that shares fewer may be said to share none.
    """
    shared = np.zeros(len(firsts), dtype=np.int64)
    table = np.empty(0, dtype=np.uint64)
    # Unlike a table they fit the fastest cache, and few pairs need a table.
    marks = np.zeros(_MARK_WORDS, dtype=np.uint64)
    marked = filled = -1
    for pair in range(len(firsts)):
        first, second = firsts[pair], seconds[pair]
        ones = hashes[offsets[first] : offsets[first + 1]]
        others = hashes[offsets[second] : offsets[second + 1]]
        if first != marked:
            _mark(ones, marks)
            marked = first
        if _count_marked(others, marks) < least[pair]:
            continue
        if first != filled:
            table = _fill(ones)
            filled = first
        shared[pair] = _count_found(others, table)
    return shared


@numba.njit(cache=True, nogil=True)
def _root(parents: Offsets, row: int) -> int:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row


@numba.njit(cache=True, nogil=True)
def connect(count: int, firsts: Offsets, seconds: Offsets) -> Offsets:
    """Smallest row of the connected component of each row.

    Args:
        count: Rows.
        firsts: One row per edge.
        seconds: The other.
    """
    parents = np.arange(count)
    for edge in range(len(firsts)):
        one, other = _root(parents, firsts[edge]), _root(parents, seconds[edge])
        parents[max(one, other)] = min(one, other)
    for row in range(count):
        parents[row] = _root(parents, row)
    return parents


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
