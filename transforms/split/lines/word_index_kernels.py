"""The long words of documents, read once, and where lines stand among them."""

from typing import Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets
from transforms.text.character_class_kernels import (
    ASCII,
    TAIL,
    TAIL_MASK,
    UPPER,
    read_character,
)

Codes = npt.NDArray[np.uint16]
_Places = npt.NDArray[np.uint32]
_Flags = npt.NDArray[np.uint8]

SEED: Final = np.uint64(0xCBF29CE484222325)
PRIME: Final = np.uint64(0x100000001B3)
FOLD_SHIFT: Final = np.uint64(29)
SIGNS: Final = 0xE2  # first byte of curly quotes and dashes
SIGN_BYTES: Final = 3
LONG_WORD: Final = 4  # letters
STEM: Final = 6  # letters by which two words count as the same
CODE_BITS: Final = 12
_CODE_MASK: Final = np.uint64((1 << CODE_BITS) - 1)
_CASE_BIT: Final = 32
_SMALL_A: Final = ord("a")
_SMALL_Z: Final = ord("z")
_BLOCK_BYTES: Final = 1 << 13  # of which the words are found at a time
# The same as bytes, without which the compiler would widen what it compares.
_CASE: Final = np.uint8(_CASE_BIT)
_FIRST: Final = np.uint8(_SMALL_A)
_LETTERS: Final = np.uint8(_SMALL_Z - _SMALL_A + 1)
_WIDE: Final = np.uint8(ASCII)
_SIGN: Final = np.uint8(SIGNS)


def _folded_bytes() -> npt.NDArray[np.uint8]:
    """Each byte of a letter without its case, 0 for bytes of other signs."""
    codes = np.arange(256)
    small = codes | _CASE_BIT
    is_letter = ((small >= _SMALL_A) & (small <= _SMALL_Z)) | (codes >= ASCII)
    return np.where(is_letter & (codes != SIGNS), small, 0).astype(np.uint8)


FOLDED: Final = _folded_bytes()


class WordIndex(NamedTuple):
    """The long words of documents, and where some of their lines stand among them.

    Attributes:
        spans: Per line: its start and end, start and end of its document.
        places: Per line: words before its start and before its end, counted within the
            document; rows of the first long words from there on; first row of the
            document, and its last, end exclusive.
        starts: Per long word: its first byte, counted from its document's first.
        numbers: Per long word: how many words, long or not, its document has before.
        codes: Per long word: `CODE_BITS` of its hash; above them, 1 for a capital.
    """

    spans: Offsets
    places: Offsets
    starts: _Places
    numbers: _Places
    codes: Codes


class _Block(NamedTuple):
    """Room for a block of text: letter flags from place 1 on, and edges of words."""

    flags: _Flags
    edges: Offsets
    counts: Offsets  # one: of the edges


@numba.njit(cache=True, nogil=True)
def _flag_letters(text: ByteArray, flags: _Flags) -> None:
    """Flag each byte, of whole characters, that `FOLDED` and no sign has.

    Slices, so that the compiler compares many bytes at a time.
    """
    for place in range(min(SIGN_BYTES - 1, len(text))):
        flags[place] = FOLDED[text[place]] != 0 and text[0] != SIGNS
    before, last, here = text[:-2], text[1:-1], text[2:]
    found = flags[SIGN_BYTES - 1 :]
    for place in range(len(here)):
        byte = here[place]
        is_letter = np.uint8((byte | _CASE) - _FIRST) < _LETTERS
        is_sign = (before[place] == _SIGN) | (last[place] == _SIGN) | (byte == _SIGN)
        found[place] = (is_letter | (byte >= _WIDE)) & ~is_sign


@numba.njit(cache=True, nogil=True)
def _find_edges(data: ByteArray, begin: int, high: int, block: _Block) -> int:
    """Enter where words begin and end in the next block of a document; its end.

    Without a branch per word, for no processor guesses how long words are.
    """
    flags, edges, counts = block
    end = min(begin + _BLOCK_BYTES, high)
    while end < high and data[end] & TAIL_MASK == TAIL:
        end += 1
    # A word that goes on from the last block.
    count = counts[0] & 1
    edges[0] = edges[max(counts[0] - 1, 0)]
    flags[0] = count
    _flag_letters(data[begin:end], flags[1:])
    for place in range(end - begin):
        edges[count] = begin + place
        count += flags[place + 1] ^ flags[place]
    if end == high and count & 1:
        edges[count] = high
        count += 1
    counts[0] = count
    return end


@numba.njit(cache=True, nogil=True)
def _code_word(data: ByteArray, first: int, end: int) -> int:
    """Code of a word of at least `LONG_WORD` bytes."""
    state = SEED
    for place in range(LONG_WORD):
        state = (state ^ np.uint64(data[first + place] | _CASE)) * PRIME
    for place in range(LONG_WORD, STEM):
        letter = np.uint64(data[min(first + place, end - 1)] | _CASE)
        state = (state ^ letter) * PRIME if first + place < end else state
    slot = int((state ^ (state >> FOLD_SHIFT)) & _CODE_MASK)
    return slot | (read_character(data, first, end)[0] == UPPER) << CODE_BITS


@numba.njit(cache=True, nogil=True)
def _index_document(
    data: ByteArray, words: WordIndex, line: int, found: int, block: _Block
) -> tuple[int, int]:
    """Enter the document of a line; the next document's first line, words in all."""
    spans, places, starts, numbers, codes = words
    low, high = spans[line, 2], spans[line, 3]
    last = line
    while last < len(spans) and spans[last, 2] == low:
        last += 1
    places[line:last, 4] = found
    end, number = low, 0
    side, mark = 2 * line, spans[line, 0]
    block.counts[0] = 0
    while end < high:
        end = _find_edges(data, end, high, block)
        for edge in range(0, block.counts[0] - 1, 2):
            first, after = block.edges[edge], block.edges[edge + 1]
            while side < 2 * last and mark <= first:
                places[side >> 1, side & 1] = number
                places[side >> 1, 2 + (side & 1)] = found
                side += 1
                mark = spans[side >> 1, side & 1] if side < 2 * last else high
            if after - first >= LONG_WORD:
                starts[found] = first - low
                numbers[found] = number
                codes[found] = _code_word(data, first, after)
                found += 1
            number += 1
    for left in range(side, 2 * last):
        places[left >> 1, left & 1] = number
        places[left >> 1, 2 + (left & 1)] = found
    places[line:last, 5] = found
    return last, found


@numba.njit(cache=True, nogil=True)
def index_words(data: ByteArray, spans: Offsets) -> WordIndex:
    """The words of the documents that lines are of.

    A word is a run of letters, which all bytes outside ASCII are but those of curly
    quotes, dashes and the like.

    Args:
        data: UTF-8 bytes.
        spans: As in `WordIndex`; lines ascend and do not overlap.
    """
    size = 0
    for line in range(len(spans)):
        if line == 0 or spans[line, 2] != spans[line - 1, 2]:
            size += (spans[line, 3] - spans[line, 2]) // (LONG_WORD + 1) + 1
    words = WordIndex(
        spans,
        np.zeros((len(spans), 6), dtype=np.int64),
        np.empty(size, dtype=np.uint32),
        np.empty(size, dtype=np.uint32),
        np.empty(size, dtype=np.uint16),
    )
    # A character may reach out of a block, and one edge is left from the last.
    most = _BLOCK_BYTES + 5
    block = _Block(
        np.empty(most, dtype=np.uint8),
        np.empty(most, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )
    line, found = 0, 0
    while line < len(spans):
        line, found = _index_document(data, words, line, found, block)
    return words
