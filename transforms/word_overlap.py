"""How many words a line shares with the text before and after it."""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.buffers import ByteArray, Offsets
from transforms.characters import ASCII, UPPER, read_character

ShareTable = npt.NDArray[np.float32]
_Bits = npt.NDArray[np.uint64]

_SEED: Final = np.uint64(0xCBF29CE484222325)
_PRIME: Final = np.uint64(0x100000001B3)
_CASE_BIT: Final = 32
_SIGNS: Final = 0xE2  # first byte of curly quotes and dashes
_SIGN_BYTES: Final = 3
_SMALL_A: Final = ord("a")
_SMALL_Z: Final = ord("z")
_LONG_WORD: Final = 4  # letters
_STEM: Final = 6  # letters by which two words count as the same
_NEAR_BITS: Final = 16  # times 64, to mark the words of one window
_FAR_BITS: Final = 64
_WORD_SHIFT: Final = np.uint64(6)
_FOLD_SHIFT: Final = np.uint64(29)
_BIT_MASK: Final = np.uint64(63)
_ONE: Final = np.uint64(1)
_MAX_WORD_BYTES: Final = 20  # on the average of a window


def _folded_bytes() -> npt.NDArray[np.uint8]:
    """Each byte of a letter without its case, 0 for bytes of other signs."""
    codes = np.arange(256)
    small = codes | _CASE_BIT
    is_letter = ((small >= _SMALL_A) & (small <= _SMALL_Z)) | (codes >= ASCII)
    return np.where(is_letter & (codes != _SIGNS), small, 0).astype(np.uint8)


FOLDED: Final = _folded_bytes()


@numba.njit(cache=True, nogil=True)
def _sign_before(data: ByteArray, at: int, low: int) -> int:
    """Bytes of the sign that ends at `at`, 0 when a letter does."""
    if at - _SIGN_BYTES >= low and data[at - _SIGN_BYTES] == _SIGNS:
        return _SIGN_BYTES
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
        state = _SEED
        length = 0
        first = at
        while at < end:
            letter = FOLDED[data[at]]
            if letter == 0:
                break
            if length < _STEM:
                state = (state ^ np.uint64(letter)) * _PRIME
            length += 1
            at += 1
        words -= length > 0
        if length >= _LONG_WORD:
            slot = (state ^ (state >> _FOLD_SHIFT)) & slots
            bit = _ONE << (slot & _BIT_MASK)
            bits[0, slot >> _WORD_SHIFT] |= bit
            if read_character(data, first, at)[0] == UPPER:
                bits[1, slot >> _WORD_SHIFT] |= bit
        if at < end and data[at] == _SIGNS:
            at += _SIGN_BYTES
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
def _share_words(bits: _Bits, shares: ShareTable) -> None:
    """Fill in the columns of `measure_overlap` for one line."""
    shares[0] = _share(bits[0, 0], bits[1, 0])
    shares[1] = _share(bits[0, 0], bits[2, 0])
    shares[2] = _share(bits[1, 0], bits[2, 0])


@numba.njit(cache=True, nogil=True)
def measure_overlap(data: ByteArray, spans: Offsets, window: int) -> ShareTable:
    """Shares of words that lines have in common with the text around them.

    Args:
        data: UTF-8 bytes.
        spans: Per line: its start and end, start and end of its document.
        window: Words looked at on either side, so that other quotes or line breaks
            change nothing.

    Returns:
        Per line: share of its words found after it, share found before it, and the
        share of the words after it that also stand before it.
    """
    shares = np.zeros((len(spans), 3), dtype=np.float32)
    bits = np.zeros((3, 2, _NEAR_BITS), dtype=np.uint64)
    for row in range(len(spans)):
        _mark_windows(data, spans[row], window, bits)
        _share_words(bits, shares[row])
    return shares


@numba.njit(cache=True, nogil=True)
def measure_topics(data: ByteArray, spans: Offsets, window: int) -> ShareTable:
    """Whether the text after a line goes on about what stood before it, or whom.

    Args:
        data: UTF-8 bytes.
        spans: As in `measure_overlap`.
        window: Words looked at on either side; wide windows tell an article's subhead
            from the next article's title best.

    Returns:
        Per line the columns of `measure_overlap`, the share of the names after it that
        stand before it, and the names that both sides have, of all names. A name is a
        word with a capital.
    """
    shares = np.zeros((len(spans), 5), dtype=np.float32)
    bits = np.zeros((3, 2, _FAR_BITS), dtype=np.uint64)
    for row in range(len(spans)):
        _mark_windows(data, spans[row], window, bits)
        _share_words(bits, shares[row])
        coming, gone = bits[1, 1], bits[2, 1]
        both = _count_shared(coming, gone)
        every = _count_shared(coming, coming) + _count_shared(gone, gone) - both
        shares[row, 3] = _share(coming, gone)
        shares[row, 4] = both / max(every, 1)
    return shares
