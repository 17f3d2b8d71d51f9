"""Texts as words: each with its place, its shape, and the sentence that it is in."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.extract_content.phrase_kernels import (
    begin_phrases,
    fill_phrases,
    fill_sets,
    find_longest,
    gather_coded,
    have_bit,
    look_up,
    number_words,
)
from transforms.extract_content.word_kernels import (
    CAPITAL,
    FOLDED_POINTS,
    INITIAL,
    Counts,
    Small,
    WordArrays,
    WordKeys,
    cut_words,
)
from transforms.reference import read_reference
from transforms.text.buffers import Offsets, TextBuffer, buffer_documents
from transforms.text.char_index import gather_texts, read_only

Flags = npt.NDArray[np.bool_]
Told = TypeVar("Told", bound=np.generic)

FIELD_GAP: Final = "\n\n"  # between title and body
_NO_SENTENCES: Final = (np.zeros(0, np.uint64), np.zeros(0, np.uint64))
_QUOTES: Final = {"'": "‘’`´ʼʻ", '"': "“”„‟«»", "-": "‐‑", "–": "—―"}
_ABBREVIATIONS: Final = (
    "mr mrs ms dr prof gen col lt capt sgt maj brig adm sen rep gov pres hon rev fr st "
    "mt ft no nos vol vs jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed "
    "thu fri sat sun inc ltd corp co bros dept dist est approx ca cf etc al op cit"
)
_STARTERS: Final = (
    "a after all also although an and as at before both but by during each every for "
    "from he her his however if in it its last many meanwhile more most no not on one "
    "only other others our over she since so some still such that the their then there "
    "these they this those to two under until we what when where which while who with "
    "you"
)


@dataclass(frozen=True)
class TextWords:
    """The words of some texts, in order.

    Attributes:
        arrays: One row per word, number, or mark.
        buffer: UTF-8 bytes of the texts.
    """

    arrays: WordArrays
    buffer: TextBuffer

    def __len__(self) -> int:
        return len(self.arrays.key)

    @cached_property
    def codes(self) -> tuple[Counts, WordKeys]:
        """Code of each word, and the key of each code."""
        codes, keys = number_words(self.arrays.key)
        return codes, keys

    @cached_property
    def is_capital(self) -> Flags:
        """Words that begin with a capital letter, and those with dots: "U.S."."""
        kind = self.arrays.kind
        flags: Flags = (kind >= CAPITAL) & (kind <= INITIAL)
        return flags

    @cached_property
    def opens_sentence(self) -> Flags:
        """The first word of each sentence."""
        opens = np.ones(len(self), dtype=np.bool_)
        np.not_equal(self.arrays.sentence[1:], self.arrays.sentence[:-1], out=opens[1:])
        return opens

    def are(self, *listed: str, at: Offsets | None = None) -> Flags:
        """Which words, of all or of those at some rows, are among a few."""
        keys = _few_keys(listed)
        if at is not None:
            return np.isin(self.arrays.key[at], keys)
        return self.spread(np.isin(self.codes[1], keys))

    def spread(self, values: npt.NDArray[Told]) -> npt.NDArray[Told]:
        """What each word has of what is said of each code."""
        spread: npt.NDArray[Told] = gather_coded(values, self.codes[0])
        return spread

    def slice(self, firsts: Offsets, stops: Offsets) -> pl.Series:
        """Texts from one word up to another, as they are printed.

        Args:
            firsts: Rows of the first words.
            stops: Rows after the last words.
        """
        starts = self.arrays.byte_start[firsts]
        ends = self.arrays.byte_end[np.asarray(stops) - 1]
        return gather_texts(self.buffer.data, starts, ends)


def read_words(texts: pl.Series) -> TextWords:
    """Cut texts into words, numbers, and marks.

    A word is a run of letters, with apostrophes inside it; a final 's is a word of its
    own, and so is each mark, a hyphen too. Initials keep their dots.

    Args:
        texts: Any number; null is empty.

    Example:
        >>> words = read_words(pl.Series(["The U.S. and O'Brien's 1,200 men."]))
        >>> rows = np.arange(len(words))
        >>> words.slice(rows, rows + 1).to_list()
        ['The', 'U.S.', 'and', "O'Brien", "'s", '1,200', 'men', '.']
    """
    buffer = buffer_documents(texts.fill_null("").to_frame("text"))
    return _cut(buffer, _sentence_words())


def _cut(buffer: TextBuffer, sentence_words: tuple[WordKeys, WordKeys]) -> TextWords:
    size = len(buffer.data) + 1
    room = WordArrays(
        text_row=np.empty(size, np.uint32),
        start=np.empty(size, np.uint32),
        end=np.empty(size, np.uint32),
        byte_start=np.empty(size, np.int64),
        byte_end=np.empty(size, np.int64),
        kind=np.empty(size, np.uint8),
        space=np.empty(size, np.uint8),
        key=np.empty(size, np.uint64),
        value=np.empty(size, np.float64),
        sentence=np.empty(size, np.uint32),
    )
    count = cut_words(
        read_only(buffer.data),
        read_only(buffer.document_starts),
        _folds(),
        sentence_words,
        room,
    )
    arrays = {name: values[:count] for name, values in room._asdict().items()}
    return TextWords(WordArrays(**arrays), buffer)


def word_keys(words: Sequence[str] | pl.Series) -> WordKeys:
    """Key of each word, as `TextWords` has them; each must be one word.

    Example:
        >>> keys = word_keys(["Said", "SAID", "said"])
        >>> bool((keys == keys[0]).all())
        True
    """
    texts = pl.Series(words, dtype=pl.String)
    arrays = _cut(buffer_documents(texts.to_frame("text")), _NO_SENTENCES).arrays
    rows = arrays.text_row
    if len(rows) != len(texts) or (rows != np.arange(len(texts))).any():
        lone = np.bincount(rows, minlength=len(texts)) == 1
        raise ValueError(f"expected single words, got {texts.filter(~lone).to_list()}")
    return arrays.key.copy()


class WordSets:
    """Sets of words, all looked up at once.

    Example:
        >>> sets = WordSets({"verbs": ["said", "told"], "roles": ["judge"]})
        >>> words = read_words(pl.Series(["The judge said so"]))
        >>> sets.of(words, "roles").tolist()
        [False, True, False, False]
    """

    def __init__(self, words_by_name: Mapping[str, Sequence[str]]) -> None:
        """Make the table of at most 32 sets; their words must be single."""
        keys = [word_keys(list(words)) for words in words_by_name.values()]
        self._bits = {name: 1 << place for place, name in enumerate(words_by_name)}
        bits = np.repeat(list(self._bits.values()), [len(some) for some in keys])
        size = 1 << max(4, (2 * len(bits)).bit_length())
        self._hashes: WordKeys = np.zeros(size, dtype=np.uint64)
        self._sets = np.zeros(size, dtype=np.uint32)
        fill_sets(
            np.concatenate(keys), bits.astype(np.uint32), self._hashes, self._sets
        )

    def read(self, words: TextWords) -> Counts:
        """The sets of each word, for `pick`."""
        return words.spread(self._read_codes(words))

    def _read_codes(self, words: TextWords) -> Counts:
        sets: Counts = look_up(words.codes[1], self._hashes, self._sets)
        return sets

    def pick(self, sets: Counts, name: str) -> Flags:
        """Which words are in one of the sets."""
        found: Flags = have_bit(sets, np.uint32(self._bits[name]))
        return found

    def of(self, words: TextWords, name: str) -> Flags:
        """Which of some words are in one of the sets."""
        return self.number(words, {name: 1}).view(np.bool_)

    def number(self, words: TextWords, numbers: Mapping[str, int]) -> Small:
        """Of each word, the number of the last set that it is in; 0 for none.

        Args:
            words: Of any texts.
            numbers: Of some sets, 1 to 255.
        """
        sets = self._read_codes(words)
        numbered = np.zeros(len(sets), dtype=np.uint8)
        for name, number in numbers.items():
            numbered[self.pick(sets, name)] = number
        return words.spread(numbered)


@cache
def _few_keys(words: tuple[str, ...]) -> WordKeys:
    return word_keys(words)


@cache
def read_word_sets(name: str) -> WordSets:
    """The sets of a list with the columns `kind` and `words`."""
    return WordSets(
        {kind: words.split() for kind, words in read_reference(name).rows()}
    )


class Phrases:
    """A list of phrases, to be found among words.

    Example:
        >>> phrases = Phrases(["Central Bank", "central bank of iran"])
        >>> texts = pl.Series(["the Central Bank of Iran, the central bank"])
        >>> words = read_words(texts)
        >>> phrases.find(words).tolist()
        [[1, 5, 1], [7, 9, 0]]
    """

    def __init__(
        self, phrases: Sequence[str] | pl.Series, numbers: Sequence[int] | None = None
    ) -> None:
        """Make the table.

        Args:
            phrases: As they are printed; case, accents, and kinds of quotes do not
                matter.
            numbers: What each is known by, not negative; by default its place.
        """
        texts = pl.Series(phrases, dtype=pl.String)
        arrays = _cut(buffer_documents(texts.to_frame("text")), _NO_SENTENCES).arrays
        counts = np.bincount(arrays.text_row, minlength=len(texts))
        starts = np.append(0, np.cumsum(counts)).astype(np.int64)
        known_by = np.arange(len(texts)) if numbers is None else np.asarray(numbers)
        size = 1 << max(4, (2 * len(arrays.key)).bit_length())
        self._hashes: WordKeys = np.zeros(size, dtype=np.uint64)
        self._numbers: npt.NDArray[np.int32] = np.full(size, -1, dtype=np.int32)
        fill_phrases(
            arrays.key,
            starts,
            known_by.astype(np.int32),
            self._hashes,
            self._numbers,
        )

    def find(
        self, words: TextWords, may_start: Flags | None = None
    ) -> npt.NDArray[np.int64]:
        """The longest phrases from left to right, none over another.

        Args:
            words: Of any texts; a phrase may go on over a line break, but not over a
                blank line.
            may_start: Which words may be the first of a phrase; by default all.

        Returns:
            One row per phrase: first word, the one after the last, its number.
        """
        starts = words.spread(begin_phrases(words.codes[1], self._hashes))
        if may_start is not None:
            starts &= may_start
        found = np.empty((np.count_nonzero(starts), 3), dtype=np.int64)
        total = find_longest(words.arrays, starts, self._hashes, self._numbers, found)
        return found[:total].copy()


@cache
def _folds() -> npt.NDArray[np.uint32]:
    """What each code point counts as in a key: lower case, without accents."""
    folds = np.array(
        [_fold(chr(code)) for code in range(FOLDED_POINTS)], dtype=np.uint32
    )
    for folded, characters in _QUOTES.items():
        folds[[ord(character) for character in characters]] = ord(folded)
    return folds


def _fold(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Cf"):
        return 0
    # The first letter stands for those that fold into two, such as ß.
    return ord(unicodedata.normalize("NFD", character.lower())[0])


@cache
def _sentence_words() -> tuple[WordKeys, WordKeys]:
    """WordKeys of abbreviations, and of words that start a sentence behind initials."""
    abbreviations, starters = (
        np.sort(word_keys(words.split())) for words in (_ABBREVIATIONS, _STARTERS)
    )
    return abbreviations, starters
