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
_MOST_WORDS: Final = 8  # by which titles are told apart that begin alike
_WORDS_BELOW: Final = 20  # in which an entry of a list goes on in its next lines
_MOST_LINES: Final = 4  # that may hold these words; of more, none announces another
_MOST_REPEATS: Final = 24  # lines that may hold a whole title, as the heads of pages do
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
    whole_slots: Offsets  # of all words of a line's title, or as many as count
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
        for most, slots in (
            (_WORDS, titles.slots),
            (_MOST_WORDS, titles.whole_slots),
        ):
            key = _key(words.codes, first, min(first + most, last), document)
            slot = _find_slot(titles.keys, key)
            titles.keys[slot] = key
            slots[line] = slot
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
            most = min(at + _MOST_WORDS, end)
            for after in range(at + _WORDS, most + 1):
                key = _key(codes, at, np.int64(after), document)
                slot = _find_slot(titles.keys, key)
                if after == at + _WORDS and titles.keys[slot] == 0:
                    break
                _note(slot, line, titles)
    at = last - _WORDS + 1
    if at >= first and titles.openers[codes[at] & _CODE] == document:
        key = _key(codes, at, last, document)
        _note(_find_slot(titles.keys, key), line, titles)


@numba.njit(cache=True, nogil=True)
def _link(titles: _Titles) -> Offsets:
    """The line that announces each; -1 for none."""
    announced = np.full(len(titles.slots), -1, dtype=np.int64)
    for line, slot in enumerate(titles.slots):
        whole = titles.whole_slots[line]
        if slot < 0 or titles.seen[whole] > _MOST_REPEATS:
            continue
        first = titles.firsts[whole]
        if not 0 <= first < line and titles.seen[slot] <= _MOST_LINES:
            first = titles.firsts[slot]
        if 0 <= first < line:
            announced[line] = first
    return announced


@numba.njit(cache=True, nogil=True)
def find_announced(words: WordIndex, skipped: Offsets) -> Offsets:
    """Which earlier line announces a line.

    A title is announced by the first line that holds its first eight long words in a
    row, or as many as it has, itself or in the text right below; one of two long words,
    by a line that ends with them. Where there is none, by the first that holds the
    first three, if few lines do.

    Args:
        words: Of the documents, with the lines' places.
        skipped: Per line: its first long words that are no part of its title, as of a
            label; -1 where no line may announce it.

    Returns:
        Per line: the place of the line that announces it; -1 for none.
    """
    count = len(skipped)
    size = 16
    while size < 4 * count:
        size *= 2
    titles = _Titles(
        np.zeros(size, dtype=np.uint64),
        np.zeros(size, dtype=np.int64),
        np.full(size, -1, dtype=np.int64),
        np.full(count, -1, dtype=np.int64),
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


@numba.njit(cache=True, nogil=True)
def choose_in_order(
    values: Offsets, weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Rows of the ascending run of values with the greatest weight.

    Of equal values one is in a run at most. By a tree of the best sums up to each
    value, so that `n` rows take `n log n` steps.

    Args:
        values: One per row, from 0.
        weights: Per row, above 0.
    """
    count = len(values)
    chosen = np.zeros(count, dtype=np.bool_)
    if count == 0:
        return chosen
    known = np.unique(values)
    tree = np.full(len(known) + 1, -1, dtype=np.int64)  # rows
    sums = np.zeros(count, dtype=np.float64)
    before = np.full(count, -1, dtype=np.int64)
    for row in range(count):
        rank = np.searchsorted(known, values[row])
        at = rank
        while at > 0:
            other = tree[at]
            if other >= 0 and (before[row] < 0 or sums[other] > sums[before[row]]):
                before[row] = other
            at -= at & -at
        sums[row] = weights[row] + (sums[before[row]] if before[row] >= 0 else 0.0)
        at = rank + 1
        while at < len(tree):
            if tree[at] < 0 or sums[row] > sums[tree[at]]:
                tree[at] = row
            at += at & -at
    last = np.int64(np.argmax(sums))
    while last >= 0:
        chosen[last] = True
        last = before[last]
    return chosen
