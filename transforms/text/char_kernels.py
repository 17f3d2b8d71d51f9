"""Characters counted and found in UTF-8, and texts held against documents: compiled.

Bytes and characters are counted per block first, so that a place costs one look-up and
a walk through one block. With strings of Python and their slices instead, the stage of
the star takes 2.6 times as long.
"""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import TAIL, TAIL_MASK

Flags = npt.NDArray[np.bool_]

BLOCK_BYTES: Final = 256


@numba.njit(cache=True, nogil=True)
def count_block_chars(data: ByteArray) -> Offsets:
    """Characters that start before each block; one more value than blocks."""
    count = (len(data) + BLOCK_BYTES - 1) // BLOCK_BYTES
    past = np.zeros(count + 1, dtype=np.int64)
    for block in range(count):
        chars = 0
        for byte in data[block * BLOCK_BYTES : (block + 1) * BLOCK_BYTES]:
            chars += (byte & TAIL_MASK) != TAIL
        past[block + 1] = past[block] + chars
    return past


@numba.njit(cache=True, nogil=True)
def chars_before(data: ByteArray, past: Offsets, places: Offsets) -> Offsets:
    """Characters that start before each byte; `past` is of `count_block_chars`."""
    counts = np.empty(len(places), dtype=np.int64)
    for row in range(len(places)):
        block = places[row] // BLOCK_BYTES
        count = past[block]
        for at in range(block * BLOCK_BYTES, places[row]):
            count += (data[at] & TAIL_MASK) != TAIL
        counts[row] = count
    return counts


@numba.njit(cache=True, nogil=True)
def find_chars(data: ByteArray, past: Offsets, wanted: Offsets) -> Offsets:
    """Byte at which each character starts, counted from the start of the data.

    Args:
        data: UTF-8 bytes.
        past: Of `count_block_chars`.
        wanted: In any order, ascending is fastest; the number of all characters stands
            for the end.

    Returns:
        Byte offsets in the same order, -1 for those outside the data.
    """
    places = np.empty(len(wanted), dtype=np.int64)
    last = len(past) - 1
    block = 0
    for row in range(len(wanted)):
        char = wanted[row]
        if char < 0 or char >= past[last]:
            places[row] = len(data) if char == past[last] else -1
            continue
        if not past[block] <= char < past[block + 1]:
            block = np.searchsorted(past, char, side="right") - 1
        at = block * BLOCK_BYTES
        left = char - past[block]
        if past[block + 1] - past[block] == BLOCK_BYTES:
            at += left
        else:
            while (data[at] & TAIL_MASK) == TAIL:
                at += 1
            while left > 0:
                at += 1
                left -= (data[at] & TAIL_MASK) != TAIL
        places[row] = at
    return places


@numba.njit(cache=True, nogil=True)
def copy_ranges(
    data: ByteArray, starts: Offsets, ends: Offsets, out: ByteArray
) -> None:
    """Copy byte ranges one after another; `out` is as long as all of them together."""
    at = 0
    for row in range(len(starts)):
        for place in range(starts[row], ends[row]):
            out[at] = data[place]
            at += 1


@numba.njit(cache=True, nogil=True)
def _skip_chars(data: ByteArray, at: int, count: int) -> int:
    """Byte at which the character begins that is so many characters further on."""
    while count > 0:
        at += 1
        while at < len(data) and (data[at] & TAIL_MASK) == TAIL:
            at += 1
        count -= 1
    return at


@numba.njit(cache=True, nogil=True)
def _is_same(data: ByteArray, at: int, other: ByteArray, start: int, end: int) -> bool:
    place = start
    while place < end and data[at + place - start] == other[place]:
        place += 1
    return place == end


@numba.njit(cache=True, nogil=True)
def find_gaps(
    texts: tuple[ByteArray, Offsets, Offsets],
    runs: tuple[Offsets, Offsets, Offsets],
    documents: tuple[ByteArray, Offsets],
    sources: tuple[Offsets, Offsets],
) -> tuple[Offsets, Offsets, Offsets, Flags]:
    """What texts have beside the runs that stand in their documents word for word.

    A run that reaches back, or beyond its text, does not hold, and a text of which one
    run does not hold is one gap.

    Args:
        texts: UTF-8 bytes back to back, their bounds, and their lengths in characters.
        runs: First run of each text (one more than texts); start in the text and
            length of each run, in characters.
        documents: UTF-8 bytes back to back, and one more bound than documents.
        sources: Per text the row of its document; per run the byte of the documents at
            which it is said to start, -1 where there is no such place.

    Returns:
        First gap of each text (one more than texts), start and end of each gap in
        bytes, and per text whether a run does not hold.
    """
    data, bounds, chars = texts
    firsts, text_starts, lengths = runs
    document_data, document_bounds = documents
    document_rows, run_bytes = sources
    count = len(bounds) - 1
    first_gaps = np.zeros(count + 1, dtype=np.int64)
    gap_starts = np.empty(count + len(text_starts), dtype=np.int64)
    gap_ends = np.empty(count + len(text_starts), dtype=np.int64)
    is_wrong = np.zeros(count, dtype=np.bool_)
    gap = 0
    for unit in range(count):
        at, char, reach = bounds[unit], 0, 0
        is_narrow = bounds[unit + 1] - at == chars[unit]
        document_end = document_bounds[document_rows[unit] + 1]
        first_gaps[unit] = gap
        for run in range(firsts[unit], firsts[unit + 1]):
            start = min(max(text_starts[run], reach), chars[unit])
            end = min(text_starts[run] + lengths[run], chars[unit])
            reach = max(reach, end)
            gap_starts[gap] = at
            at = at + start - char if is_narrow else _skip_chars(data, at, start - char)
            gap_ends[gap] = at
            gap += 1
            char = max(start, end)
            past = at + char - start
            if not is_narrow:
                past = _skip_chars(data, at, char - start)
            if (
                char - start != lengths[run]
                or run_bytes[run] < 0
                or run_bytes[run] + past - at > document_end
                or not _is_same(document_data, run_bytes[run], data, at, past)
            ):
                is_wrong[unit] = True
                break
            at = past
        if is_wrong[unit]:
            gap, at = first_gaps[unit], bounds[unit]
        gap_starts[gap] = at
        gap_ends[gap] = bounds[unit + 1]
        gap += 1
    first_gaps[count] = gap
    return first_gaps, gap_starts[:gap], gap_ends[:gap], is_wrong
