"""Lines that announce a title that stands further on, as a list of contents does.

Titles are known by their first long words, which few other lines have in that order.
"""

from typing import Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from transforms.split.lines.word_index_kernels import (
    CODE_BITS,
    FOLD_SHIFT,
    PRIME,
    Codes,
    WordIndex,
)
from transforms.text.buffers import Offsets

_Keys = npt.NDArray[np.uint64]

_WORDS: Final = 3  # long ones by which a title is known
_WORDS_BELOW: Final = 20  # in which an entry of a list goes on in its next lines
_MOST_LINES: Final = 4  # that may hold these words; of more, none announces another
_START, _END, _LAST = 2, 3, 5  # columns of `WordIndex.places`: a line's long words
_DOCUMENT: Final = 2  # column of `WordIndex.spans`: where a line's document begins
_CODE: Final = np.uint16((1 << CODE_BITS) - 1)
_SHIFT: Final = np.uint64(CODE_BITS)
_ONE: Final = np.uint64(1)


@numba.njit(cache=True, nogil=True)
def _key(codes: Codes, first: np.int64, end: np.int64, document: np.int64) -> np.uint64:
    """What a run of words in a document is known by; never 0."""
    key = np.uint64(document) + _ONE
    for row in range(first, end):
        key = (key << _SHIFT) ^ np.uint64(codes[row] & _CODE)
        key = (key * PRIME) ^ (key >> FOLD_SHIFT)
    return key | _ONE


@numba.njit(cache=True, nogil=True)
def _find_slot(keys: _Keys, key: np.uint64) -> np.int64:
    """Place of a key in the table, or of the empty slot where it belongs."""
    mask = np.int64(len(keys) - 1)
    slot = np.int64((key ^ (key >> FOLD_SHIFT)) & np.uint64(mask))
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + 1) & mask
    return slot


class _Titles(NamedTuple):
    """Table of the words that lines begin with, and the slot of each line, or -1."""

    keys: _Keys
    seen: Offsets  # lines that hold these words
    firsts: Offsets  # of them
    slots: Offsets
    openers: Offsets  # per word: the last document in which a title begins with it


@numba.njit(cache=True, nogil=True)
def _note(slot: np.int64, line: int, titles: _Titles) -> None:
    """Count a line that holds the words of a slot."""
    if titles.keys[slot] != 0:
        titles.seen[slot] += 1
        if titles.firsts[slot] < 0:
            titles.firsts[slot] = line


@numba.njit(cache=True, nogil=True)
def _enter_title(words: WordIndex, line: int, skipped: int, titles: _Titles) -> None:
    """Enter what a line that may be a title begins with."""
    document = words.spans[line, _DOCUMENT]
    first = np.int64(words.places[line, _START]) + skipped
    last = np.int64(words.places[line, _END])
    if last - first >= _WORDS - 1:
        key = _key(words.codes, first, min(first + _WORDS, last), document)
        slot = _find_slot(titles.keys, key)
        titles.keys[slot] = key
        titles.slots[line] = slot
        titles.openers[words.codes[first] & _CODE] = document


@numba.njit(cache=True, nogil=True)
def _seek_titles(words: WordIndex, line: int, titles: _Titles) -> None:
    """Note for each title whether a line holds its words, or the text right below."""
    codes, document = words.codes, words.spans[line, _DOCUMENT]
    first = np.int64(words.places[line, _START])
    last = np.int64(words.places[line, _END])
    end = min(last + _WORDS_BELOW, np.int64(words.places[line, _LAST]))
    if line + 1 < len(words.spans) and words.spans[line + 1, _DOCUMENT] == document:
        end = min(end, np.int64(words.places[line + 1, _START]) + _WORDS - 1)
    for place in range(first, end - _WORDS + 1):
        at = np.int64(place)
        if titles.openers[codes[at] & _CODE] == document:
            key = _key(codes, at, at + _WORDS, document)
            _note(_find_slot(titles.keys, key), line, titles)
    at = last - _WORDS + 1
    if at >= first and titles.openers[codes[at] & _CODE] == document:
        key = _key(codes, at, last, document)
        _note(_find_slot(titles.keys, key), line, titles)


@numba.njit(cache=True, nogil=True)
def _link(titles: _Titles) -> tuple[Offsets, Offsets]:
    """The line that announces each, and the last that each announces; -1 for none."""
    announced = np.full(len(titles.slots), -1, dtype=np.int64)
    announces = np.full(len(titles.slots), -1, dtype=np.int64)
    for line, slot in enumerate(titles.slots):
        if slot >= 0 and titles.seen[slot] <= _MOST_LINES:
            first = titles.firsts[slot]
            if 0 <= first < line:
                announced[line] = first
                announces[first] = line
    return announced, announces


@numba.njit(cache=True, nogil=True)
def find_announced(words: WordIndex, skipped: Offsets) -> tuple[Offsets, Offsets]:
    """Which earlier line announces a line, and which later one it announces.

    A title is announced by the first line that holds its first three long words in a
    row, itself or in the text right below; one of two long words, by a line that ends
    with them.

    Args:
        words: Of the documents, with the lines' places.
        skipped: Per line: its first long words that are no part of its title, as of a
            label; -1 where no line may announce it.

    Returns:
        Per line: the place of the line that announces it, and of the last line that
        it announces itself; -1 for none.
    """
    count = len(skipped)
    size = 16
    while size < 2 * count:
        size *= 2
    titles = _Titles(
        np.zeros(size, dtype=np.uint64),
        np.zeros(size, dtype=np.int64),
        np.full(size, -1, dtype=np.int64),
        np.full(count, -1, dtype=np.int64),
        np.full(1 << CODE_BITS, -1, dtype=np.int64),
    )
    begin = 0
    while begin < count:
        end = begin
        while (
            end < count and words.spans[end, _DOCUMENT] == words.spans[begin, _DOCUMENT]
        ):
            if skipped[end] >= 0:
                _enter_title(words, end, skipped[end], titles)
            end += 1
        for line in range(begin, end):
            _seek_titles(words, line, titles)
        begin = end
    return _link(titles)
