"""Runs of capitalised words: what may be the name of somebody or something."""

from functools import cache, cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.extract_content.places.gazetteer import read_demonyms
from transforms.extract_content.span_kernels import mark_spans
from transforms.extract_content.word_kernels import (
    CAPITAL,
    INITIAL,
    LOWER_WORD,
    MARK,
    MIXED,
    NUMBER_WORD,
    POSSESSIVE,
    UPPER_WORD,
)
from transforms.extract_content.words import TextWords, WordSets, read_word_sets
from transforms.text.buffers import Offsets

Flags = npt.NDArray[np.bool_]

_PARTICLES: Final = (
    "al el de del della der den di da dos du la le van von bin ibn bint "
    "ben ul ur uz ter ten af av zu y"
)
_JOINS: Final = {
    "hyphen": ["-"],
    "ampersand": ["&", "/"],
    "apostrophe": ["'"],
    "particle": _PARTICLES.split(),
    "of": ["of", "for", "on", "under"],
    "and": ["and"],
    "the": ["the"],
}
_LIST: Final = "name_words"
_LOUD_SHARE: Final = 0.7  # of the words of a title that begin with a capital letter
_LONG_WORDS: Final = 4


@cache
def read_joins() -> WordSets:
    """Words and marks that join the parts of a name."""
    return WordSets(_JOINS)


class NameWords:
    """What each word of some texts may be in a name.

    Attributes:
        is_name: A capitalised word that is, where it stands, more than the start of a
            sentence.
        is_common: A word that English prints in lower case.
        is_first: A first name.
        is_head: What organisations are: bank, ministry, university.
        is_role: What persons are: president, spokesman, judge.
        is_loud: In a text's title that is printed in capitals, or with a capital letter
            in every word.
    """

    def __init__(self, words: TextWords, body_starts: Offsets) -> None:
        arrays = words.arrays
        self.words = words
        count = len(words)
        kind = arrays.kind
        is_capital = words.is_capital | _starts_upper(words)
        self._sets = read_word_sets(_LIST).read(words)
        self.is_common = self.is_listed("common_words")
        self.is_first = is_capital & self.is_listed("first_names")
        self.is_head = self.is_listed("organisation_heads")
        self.is_role = self.is_listed("roles")
        no_name = self.is_listed("no_names") & (kind != INITIAL)
        first_of_sentence = words.opens_sentence
        quoted = np.zeros(count, dtype=bool)
        quoted[1:] = first_of_sentence[:-1] & (kind[:-1] == MARK)
        opens = (first_of_sentence | quoted) & (kind == CAPITAL)
        is_title = arrays.start < body_starts[arrays.text_row]
        self.is_loud = (
            is_title & _loud_titles(words, is_title, len(body_starts))[arrays.text_row]
        )
        self.is_title = is_title
        is_doubtful = (opens | self.is_loud) & self.is_common
        self.is_name = is_capital & ~no_name & ~is_doubtful
        # "Interior Ministry", "Supreme Court" begin a sentence with a common word.
        following = np.zeros(count, dtype=bool)
        following[:-1] = (
            is_capital[1:]
            & (arrays.space[1:] == 1)
            & ~first_of_sentence[1:]
            & ~no_name[1:]
        )
        self.is_name |= is_capital & ~no_name & opens & following & ~self.is_loud
        self.opens = opens

    @cached_property
    def is_demonym(self) -> Flags:
        """Words that say of what country somebody is."""
        found = read_demonyms()[0].find(self.words)
        marked: Flags = mark_spans(found[:, 0], found[:, 1], len(self.words))
        return marked

    def is_listed(self, kind: str) -> Flags:
        """Which words are of a kind of the list `name_words`."""
        return read_word_sets(_LIST).pick(self._sets, kind)

    def runs(self) -> Offsets:
        """First word and the one after the last of each run of name words.

        Hyphens and particles (al, de, von) inside a run belong to it; a line that ends,
        a comma, a possessive end it.
        """
        arrays, count = self.words.arrays, len(self.words)
        if not count:
            return np.zeros((0, 2), dtype=np.int64)
        member = self.is_name.copy()
        kind, space = arrays.kind, arrays.space
        sets, joins = read_joins().read(self.words), read_joins().pick
        before, after = np.roll(self.is_name, 1), np.roll(self.is_name, -1)
        before[0] = after[-1] = False
        next_space = np.roll(space, -1)
        is_hyphen = joins(sets, "hyphen") & (space == 0) & (next_space == 0)
        is_amp = joins(sets, "ampersand")
        number = np.roll(kind == NUMBER_WORD, -1)
        member |= (is_hyphen | is_amp) & before & (after | number)
        member |= np.roll(is_hyphen & before & number, 1) & (kind == NUMBER_WORD)
        # "Young Lawyers' Association", "National Security and Defence Council"
        near_head = np.roll(self.is_head & self.is_name, -1)
        near_head |= np.roll(self.is_head & self.is_name, -2)
        is_own = (kind == POSSESSIVE) | joins(sets, "apostrophe")
        of_common = np.roll(self.is_common | self.is_role, 1)
        member |= is_own & (space == 0) & before & of_common & after & near_head
        is_and = joins(sets, "and") & np.roll(self.is_common, 1)
        member |= is_and & before & after & np.roll(self.is_common, -1) & near_head
        particle = (kind == LOWER_WORD) & joins(sets, "particle")
        joined = np.roll(is_hyphen, -1) | after
        joined[-1] = False
        member |= particle & before & joined & (space == 1)
        # al-Assad
        member |= is_hyphen & np.roll(particle & member, 1) & after
        breaks = (space > 1) | self.words.opens_sentence
        starts = member & (~np.roll(member, 1) | breaks)
        starts[0] = member[0]
        firsts = np.flatnonzero(starts)
        rows = np.flatnonzero(member)
        nexts = np.append(firsts, len(member))[1:]
        lasts = np.searchsorted(rows, nexts) - 1
        return np.column_stack([firsts, rows[lasts] + 1])


def _starts_upper(words: TextWords) -> Flags:
    """Words of letters and digits that begin with a capital letter: "G20"."""
    is_mixed: Flags = words.arrays.kind == MIXED
    first = words.buffer.data[words.arrays.byte_start[is_mixed]]
    is_mixed[is_mixed] = (first >= ord("A")) & (first <= ord("Z"))
    return is_mixed


def _loud_titles(words: TextWords, is_title: Flags, count: int) -> Flags:
    """Whether each text's title begins nearly every long word with a capital letter."""
    arrays = words.arrays
    rows = np.flatnonzero(is_title)
    is_long = arrays.end[rows] - arrays.start[rows] >= _LONG_WORDS
    is_long &= arrays.kind[rows] <= UPPER_WORD
    rows = rows[is_long]
    is_upper = arrays.kind[rows] != LOWER_WORD
    total = np.bincount(arrays.text_row[rows], minlength=count)
    upper = np.bincount(arrays.text_row[rows[is_upper]], minlength=count)
    loud: Flags = upper >= _LOUD_SHARE * np.maximum(total, 1)
    return loud
