"""Runs of capitalised words: what may be the name of somebody or something."""

from typing import Final

import numpy as np
import numpy.typing as npt

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
from transforms.extract_content.words import TextWords, read_word_sets, word_keys
from transforms.text.buffers import Offsets

Flags = npt.NDArray[np.bool_]

_PARTICLES: Final = (
    *(
        "al",
        "el",
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
    ),
    *(
        "van",
        "von",
        "bin",
        "ibn",
        "bint",
        "ben",
        "ul",
        "ur",
        "uz",
        "ter",
        "ten",
        "af",
        "av",
        "zu",
        "y",
    ),
)
_LIST: Final = "name_words"
_LOUD_SHARE: Final = 0.7  # of the words of a title that begin with a capital letter
_LONG_WORDS: Final = 4


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
        is_capital = np.isin(kind, (CAPITAL, UPPER_WORD, INITIAL))
        is_capital |= (kind == MIXED) & _starts_upper(words)
        self._sets = read_word_sets(_LIST).read(words)
        self.is_common = self.is_listed("common_words")
        self.is_first = is_capital & self.is_listed("first_names")
        self.is_head = self.is_listed("organisation_heads")
        self.is_role = self.is_listed("roles")
        no_name = self.is_listed("no_names") & (kind != INITIAL)
        first_of_sentence = np.diff(arrays.sentence.astype(np.int64), prepend=-1) != 0
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
        keys, kind, space = arrays.key, arrays.kind, arrays.space
        before, after = np.roll(self.is_name, 1), np.roll(self.is_name, -1)
        before[0] = after[-1] = False
        next_space = np.roll(space, -1)
        is_hyphen = (keys == word_keys(["-"])[0]) & (space == 0) & (next_space == 0)
        is_amp = np.isin(keys, word_keys(["&", "/"]))
        number = np.roll(kind == NUMBER_WORD, -1)
        member |= (is_hyphen | is_amp) & before & (after | number)
        member |= np.roll(is_hyphen & before & number, 1) & (kind == NUMBER_WORD)
        # "Young Lawyers' Association", "National Security and Defence Council"
        near_head = np.roll(self.is_head & self.is_name, -1)
        near_head |= np.roll(self.is_head & self.is_name, -2)
        is_own = (kind == POSSESSIVE) | np.isin(keys, word_keys(["'"]))
        of_common = np.roll(self.is_common | self.is_role, 1)
        member |= is_own & (space == 0) & before & of_common & after & near_head
        is_and = (keys == word_keys(["and"])[0]) & np.roll(self.is_common, 1)
        member |= is_and & before & after & np.roll(self.is_common, -1) & near_head
        particle = (kind == LOWER_WORD) & np.isin(keys, word_keys(_PARTICLES))
        joined = np.roll(is_hyphen, -1) | after
        joined[-1] = False
        member |= particle & before & joined & (space == 1)
        # al-Assad
        member |= is_hyphen & np.roll(particle & member, 1) & after
        breaks = (space > 1) | (
            np.diff(arrays.sentence.astype(np.int64), prepend=-1) != 0
        )
        starts = member & (~np.roll(member, 1) | breaks)
        starts[0] = member[0]
        firsts = np.flatnonzero(starts)
        owners = np.cumsum(starts) - 1
        stops = np.full(len(firsts), 0, dtype=np.int64)
        rows = np.flatnonzero(member)
        np.maximum.at(stops, owners[rows], rows + 1)
        return np.column_stack([firsts, stops])


def _starts_upper(words: TextWords) -> Flags:
    first = words.buffer.data[words.arrays.byte_start] if len(words) else np.zeros(0)
    upper: Flags = (first >= ord("A")) & (first <= ord("Z"))
    return upper


def _loud_titles(words: TextWords, is_title: Flags, count: int) -> Flags:
    """Whether each text's title begins nearly every long word with a capital letter."""
    arrays = words.arrays
    is_long = is_title & (arrays.end - arrays.start >= _LONG_WORDS)
    is_long &= np.isin(arrays.kind, (LOWER_WORD, CAPITAL, UPPER_WORD))
    rows = arrays.text_row[is_long]
    total = np.bincount(rows, minlength=count)
    upper = np.bincount(rows[arrays.kind[is_long] != LOWER_WORD], minlength=count)
    loud: Flags = upper >= _LOUD_SHARE * np.maximum(total, 1)
    return loud
