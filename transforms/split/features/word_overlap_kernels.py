"""How many words a line shares with the text before and after it.

The words of a document are read once; the windows of its lines, which overlap many
times, then are runs of numbers. Where a window is bounded by bytes, not by words, the
bytes are read again.
"""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.split.lines.word_index_kernels import (
    CODE_BITS,
    FOLD_SHIFT,
    FOLDED,
    LONG_WORD,
    PRIME,
    SEED,
    SIGN_BYTES,
    SIGNS,
    STEM,
    Codes,
    WordIndex,
)
from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import UPPER, read_character

ShareTable = npt.NDArray[np.float32]
_Row = npt.NDArray[np.float32]
_Bits = npt.NDArray[np.uint64]
_Marks = npt.NDArray[np.uint8]

_NEAR_BITS: Final = 16  # times 64, to mark the words of one window
_FAR_BITS: Final = 64
_WORD_SHIFT: Final = np.uint64(6)
_BIT_MASK: Final = np.uint64(63)
_ONE: Final = np.uint64(1)
_MAX_WORD_BYTES: Final = 20  # on the average of a window
_INSIDE, _AFTER, _BEFORE = 1, 2, 4  # marks of the words in, after, and before a line
_NAMES: Final = 3  # places of the marks of names above those of words
_TALLY_BITS: Final = 16  # for the words of two windows and a line


def _tallies() -> _Bits:
    """What a slot with these marks counts for: four counts each in two numbers."""
    marks = np.arange(1 << 2 * _NAMES, dtype=np.uint64)
    names = marks >> np.uint64(_NAMES)
    own, after, before = ((marks | names) & np.uint64(m) > 0 for m in (1, 2, 4))
    new_names, old_names = (names & np.uint64(m) > 0 for m in (_AFTER, _BEFORE))
    counts = (
        (own, own & after, own & before, after),
        (after & before, new_names, new_names & old_names, new_names | old_names),
    )
    shifts = np.arange(4, dtype=np.uint64) * np.uint64(_TALLY_BITS)
    packed = [np.stack(four, axis=1).astype(np.uint64) << shifts for four in counts]
    return np.stack([four.sum(axis=1, dtype=np.uint64) for four in packed], axis=1)


_TALLIES: Final = _tallies()


@numba.njit(cache=True, nogil=True)
def _sign_before(data: ByteArray, at: int, low: int) -> int:
    """Bytes of the sign that ends at `at`, 0 when a letter does."""
    if at - SIGN_BYTES >= low and data[at - SIGN_BYTES] == SIGNS:
        return SIGN_BYTES
    return int(FOLDED[data[at - 1]] == 0)


@numba.njit(cache=True, nogil=True)
def _go_back(data: ByteArray, start: int, low: int, words: int) -> int:
    """Where the last `words` words before `start` begin, not before `low`."""
    # A document without letters must not be walked through from each of its lines.
    most = words * _MAX_WORD_BYTES
    low = max(low, start - 2 * most)
    at = start
    for _ in range(words):
        while at > low:
            width = _sign_before(data, at, low)
            if not width:
                break
            at -= width
        while at > low and not _sign_before(data, at, low):
            at -= 1
        # Lines without spaces must not make this slow.
        if at <= low or start - at > most:
            break
    return at


@numba.njit(cache=True, nogil=True)
def _mark_words(data: ByteArray, start: int, end: int, words: int, bits: _Bits) -> None:
    """Set one bit per long word, known by its first letters.

    Words that begin with a capital are marked in the second row of bits, too.
    """
    at = start
    slots = np.uint64(64 * bits.shape[1] - 1)
    while at < end and words > 0:
        state = SEED
        length = 0
        first = at
        while at < end:
            letter = FOLDED[data[at]]
            if letter == 0:
                break
            if length < STEM:
                state = (state ^ np.uint64(letter)) * PRIME
            length += 1
            at += 1
        words -= length > 0
        if length >= LONG_WORD:
            slot = (state ^ (state >> FOLD_SHIFT)) & slots
            bit = _ONE << (slot & _BIT_MASK)
            bits[0, slot >> _WORD_SHIFT] |= bit
            if read_character(data, first, at)[0] == UPPER:
                bits[1, slot >> _WORD_SHIFT] |= bit
        if at < end and data[at] == SIGNS:
            at += SIGN_BYTES
        else:
            at += length == 0


@numba.njit(cache=True, nogil=True)
def _count_shared(some: _Bits, others: _Bits) -> int:
    shared = 0
    for place in range(len(some)):
        both = some[place] & others[place]
        while both:
            both &= both - _ONE
            shared += 1
    return shared


@numba.njit(cache=True, nogil=True)
def _share(some: _Bits, others: _Bits) -> float:
    """Share of the marks of some words that others have, too; 0 without words."""
    return _count_shared(some, others) / max(_count_shared(some, some), 1)


@numba.njit(cache=True, nogil=True)
def _mark_windows(data: ByteArray, span: Offsets, window: int, bits: _Bits) -> None:
    """Mark the words of a line, of the window after it, and of the one before it."""
    start, end, low, high = span
    bits[:] = 0
    _mark_words(data, start, end, window, bits[0])
    stop = min(high, end + window * _MAX_WORD_BYTES)
    _mark_words(data, end, stop, window, bits[1])
    begin = _go_back(data, start, low, window)
    _mark_words(data, begin, start, window, bits[2])


@numba.njit(cache=True, nogil=True)
def share_bytes(
    data: ByteArray, span: Offsets, window: int, bits: _Bits, shares: _Row
) -> None:
    """Fill in the shares of one line from the bytes around it."""
    _mark_windows(data, span, window, bits)
    shares[0] = _share(bits[0, 0], bits[1, 0])
    shares[1] = _share(bits[0, 0], bits[2, 0])
    shares[2] = _share(bits[1, 0], bits[2, 0])
    after, before = bits[1, 1], bits[2, 1]
    both = _count_shared(after, before)
    every = _count_shared(after, after) + _count_shared(before, before) - both
    shares[3] = _share(after, before)
    shares[4] = both / max(every, 1)


@numba.njit(cache=True, nogil=True)
def _cuts_word(data: ByteArray, at: int, low: int, high: int) -> bool:
    """Whether a byte range that begins or ends at `at` cuts a word in two."""
    if at <= low or at >= high or FOLDED[data[at]] == 0:
        return False
    return _sign_before(data, at, low) == 0


@numba.njit(cache=True, nogil=True)
def _bound_windows(words: WordIndex, line: int, window: int) -> tuple[int, int]:
    """Row of the first long word before a line and past the last one after it.

    Both are -1 where the windows are, or may be, bounded by bytes, not by words.
    """
    start, end, low, high = words.spans[line]
    before, after, first, last, lowest, highest = words.places[line]
    most = window * _MAX_WORD_BYTES
    while first > lowest and words.numbers[first - 1] + window >= before:
        first -= 1
    reach = words.starts[first - 1] + low if first > lowest else low
    if start - reach > most:
        return -1, -1
    while last < highest and words.numbers[last] < after + window:
        last += 1
    reach = words.starts[last] + low if last < highest else high
    if reach - end > most:
        return -1, -1
    return first, last


@numba.njit(cache=True, nogil=True)
def _mark_rows(codes: Codes, first: int, last: int, sign: int, marks: _Marks) -> None:
    """Set the sign of a window at its words, and a higher one at its names."""
    slots = len(marks) - 1
    for row in range(first, last):
        code = codes[row]
        marks[code & slots] |= sign << (_NAMES * (code >> CODE_BITS))


@numba.njit(cache=True, nogil=True)
def _read_tally(tally: np.uint64) -> tuple[int, int, int, int]:
    """The four counts of a sum of `_TALLIES`."""
    most = np.uint64((1 << _TALLY_BITS) - 1)
    return (
        int(tally & most),
        int((tally >> np.uint64(_TALLY_BITS)) & most),
        int((tally >> np.uint64(2 * _TALLY_BITS)) & most),
        int((tally >> np.uint64(3 * _TALLY_BITS)) & most),
    )


@numba.njit(cache=True, nogil=True)
def _share_marks(
    codes: Codes, first: int, last: int, marks: _Marks, shares: _Row
) -> None:
    """Fill in the shares of one line from the marks of its words; wipe them out."""
    slots = len(marks) - 1
    words, names = np.uint64(0), np.uint64(0)
    for row in range(first, last):
        slot = codes[row] & slots
        mark = marks[slot]
        marks[slot] = 0
        words += _TALLIES[mark, 0]
        names += _TALLIES[mark, 1]
    own, own_after, own_before, after = _read_tally(words)
    after_before, names_after, names_both, every = _read_tally(names)
    shares[0] = own_after / max(own, 1)
    shares[1] = own_before / max(own, 1)
    shares[2] = after_before / max(after, 1)
    shares[3] = names_both / max(names_after, 1)
    shares[4] = names_both / max(every, 1)


@numba.njit(cache=True, nogil=True)
def _share_words(
    data: ByteArray, words: WordIndex, lines: Offsets, window: int, near_bits: int
) -> ShareTable:
    """Columns of `measure_topics` of some lines."""
    shares = np.zeros((len(lines), 5), dtype=np.float32)
    bits = np.zeros((3, 2, near_bits), dtype=np.uint64)
    marks = np.zeros(64 * near_bits, dtype=np.uint8)
    for row, line in enumerate(lines):
        start, end, low, high = words.spans[line]
        first, last = _bound_windows(words, line, window)
        is_cut = _cuts_word(data, start, low, high) or _cuts_word(data, end, low, high)
        if first < 0 or is_cut:
            share_bytes(data, words.spans[line], window, bits, shares[row])
            continue
        begin, stop = words.places[line, 2], words.places[line, 3]
        own = begin
        while own < stop and words.numbers[own] < words.places[line, 0] + window:
            own += 1
        _mark_rows(words.codes, begin, own, _INSIDE, marks)
        _mark_rows(words.codes, stop, last, _AFTER, marks)
        _mark_rows(words.codes, first, begin, _BEFORE, marks)
        _share_marks(words.codes, first, last, marks, shares[row])
    return shares


def measure_overlap(
    data: ByteArray, words: WordIndex, lines: Offsets, window: int
) -> ShareTable:
    """Shares of words that lines have in common with the text around them.

    Args:
        data: UTF-8 bytes.
        words: The words of the lines' documents.
        lines: Which lines of the index; any.
        window: Words looked at on either side, so that other quotes or line breaks
            change nothing.

    Returns:
        Per line: share of its words found after it, share found before it, and the
        share of the words after it that also stand before it.
    """
    return _share_words(data, words, lines, window, _NEAR_BITS)[:, :3]


def measure_topics(
    data: ByteArray, words: WordIndex, lines: Offsets, window: int
) -> ShareTable:
    """Whether the text after a line goes on about what stood before it, or whom.

    Args:
        data: UTF-8 bytes.
        words: As in `measure_overlap`.
        lines: Which lines of the index.
        window: Words looked at on either side; wide windows tell an article's subhead
            from the next article's title best.

    Returns:
        Per line the columns of `measure_overlap`, the share of the names after it that
        stand before it, and the names that both sides have, of all names. A name is a
        word with a capital.
    """
    return _share_words(data, words, lines, window, _FAR_BITS)
