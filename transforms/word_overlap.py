"""How many words a line shares with the text before and after it."""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.buffers import ByteArray, Offsets
from transforms.characters import ASCII

ShareTable = npt.NDArray[np.float32]
_Bits = npt.NDArray[np.uint64]

_SEED: Final = np.uint64(0xCBF29CE484222325)
_PRIME: Final = np.uint64(0x100000001B3)
_CASE_BIT: Final = 32
_SIGNS: Final = 0xE2  # first byte of curly quotes and dashes
_SMALL_A: Final = ord("a")
_SMALL_Z: Final = ord("z")
_LONG_WORD: Final = 4  # letters
_STEM: Final = 6  # letters by which two words count as the same
_SLOT_BITS: Final = np.uint64(1023)
_WORD_SHIFT: Final = np.uint64(6)
_FOLD_SHIFT: Final = np.uint64(29)
_BIT_MASK: Final = np.uint64(63)
_ONE: Final = np.uint64(1)
_MAX_WINDOW_BYTES: Final = 1000


def _folded_bytes() -> npt.NDArray[np.uint8]:
    """Each byte of a letter without its case, 0 for bytes of other signs."""
    codes = np.arange(256)
    small = codes | _CASE_BIT
    is_letter = ((small >= _SMALL_A) & (small <= _SMALL_Z)) | (codes >= ASCII)
    return np.where(is_letter & (codes != _SIGNS), small, 0).astype(np.uint8)


FOLDED: Final = _folded_bytes()


@numba.njit(cache=True, nogil=True)
def _go_back(data: ByteArray, start: int, low: int, words: int) -> int:
    """Where the last `words` words before `start` begin, not before `low`."""
    # A document without letters must not be walked through from each of its lines.
    low = max(low, start - 2 * _MAX_WINDOW_BYTES)
    at = start
    for _ in range(words):
        while at > low and not FOLDED[data[at - 1]]:
            at -= 1
        while at > low and FOLDED[data[at - 1]]:
            at -= 1
        # Lines without spaces must not make this slow.
        if at <= low or start - at > _MAX_WINDOW_BYTES:
            break
    return at


@numba.njit(cache=True, nogil=True)
def _mark_words(data: ByteArray, start: int, end: int, words: int, bits: _Bits) -> int:
    """Set one bit per long word, known by its first letters; count the bits set."""
    found = 0
    at = start
    while at < end and words > 0:
        state = _SEED
        length = 0
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
            slot = (state ^ (state >> _FOLD_SHIFT)) & _SLOT_BITS
            bit = _ONE << (slot & _BIT_MASK)
            found += bits[slot >> _WORD_SHIFT] & bit == 0
            bits[slot >> _WORD_SHIFT] |= bit
        at += length == 0
    return found


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
    bits = np.zeros((3, 16), dtype=np.uint64)
    for row in range(len(spans)):
        start, end, low, high = spans[row]
        bits[:] = 0
        own = _mark_words(data, start, end, window, bits[0])
        stop = min(high, end + _MAX_WINDOW_BYTES)
        coming = _mark_words(data, end, stop, window, bits[1])
        begin = _go_back(data, start, low, window)
        _mark_words(data, begin, start, window, bits[2])
        if own:
            shares[row, 0] = _count_shared(bits[0], bits[1]) / own
            shares[row, 1] = _count_shared(bits[0], bits[2]) / own
        if coming:
            shares[row, 2] = _count_shared(bits[1], bits[2]) / coming
    return shares
