"""Speakers of sentences: one compiled pass over the words that report."""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.extract_content.word_kernels import (
    CAPITAL,
    LOWER_WORD,
    MARK,
    UPPER_WORD,
    WordArrays,
)
from transforms.text.buffers import Offsets

Flags = npt.NDArray[np.bool_]

_REACH: Final = 14  # words between a speaker and what reports
_NONE: Final = -1
_PRONOUN: Final = -2


@numba.njit(cache=True, nogil=True)
def _noun_start(words: WordArrays, at: int) -> int:
    """First word of the phrase that ends in a noun: "Kazakh police"."""
    first = at
    for _ in range(3):
        before = first - 1
        is_part = (
            before >= 0
            and words.sentence[before] == words.sentence[at]
            and words.space[first] == 1
            and words.kind[before] in (CAPITAL, UPPER_WORD)
        )
        if not is_part or (
            before == 0 or words.sentence[before - 1] != words.sentence[before]
        ):
            break
        first = before
    return first


@numba.njit(cache=True, nogil=True)
def _left(
    words: WordArrays,
    flags: tuple[Flags, Flags, Flags, Flags, Flags],
    names: tuple[Offsets, Offsets, Offsets, Offsets],
    verb: int,
) -> tuple[int, int]:
    """Who stands before a word that reports."""
    _, pronouns, nouns, _, _ = flags
    firsts, _, _, ends = names
    for place in range(verb, max(verb - _REACH, -1), -1):
        if words.sentence[place] != words.sentence[verb]:
            break
        name = ends[place]
        if name >= 0:
            # Of an apposition, the first name: "Deng, spokesman of the army, said".
            return firsts[name], place
        if place == verb:
            continue
        if pronouns[place] and verb - place <= 3:  # noqa: PLR2004
            return _PRONOUN, _PRONOUN
        if nouns[place] and words.kind[place] in (LOWER_WORD, CAPITAL):
            return _noun_start(words, place), place + 1
        if words.kind[place] == MARK and words.value[place] == 2.0:  # noqa: PLR2004
            break
    return _NONE, _NONE


@numba.njit(cache=True, nogil=True)
def _right(
    words: WordArrays,
    flags: tuple[Flags, Flags, Flags, Flags, Flags],
    names: tuple[Offsets, Offsets, Offsets, Offsets],
    verb: int,
) -> tuple[int, int]:
    """Who stands behind "said" or "according to"."""
    _, pronouns, nouns, _, _ = flags
    _, stops, starts, _ = names
    count = len(words.key)
    for place in range(verb + 1, min(verb + 7, count)):
        if words.sentence[place] != words.sentence[verb]:
            break
        name = starts[place]
        if name >= 0:
            return place, stops[name]
        if nouns[place]:
            return _noun_start(words, place), place + 1
        if pronouns[place] or words.kind[place] == MARK:
            break
    return _NONE, _NONE


@numba.njit(cache=True, nogil=True)
def speakers_of(  # noqa: C901, PLR0912 - one pass over sentences, for speed
    words: WordArrays,
    flags: tuple[Flags, Flags, Flags, Flags, Flags],
    names: tuple[Offsets, Offsets, Offsets, Offsets],
    numbers: Offsets,
    is_passive: Flags,
) -> Offsets:
    """Speaker of each number.

    Args:
        words: Of the texts.
        flags: Words that report, pronouns, nouns that may speak, words that report and
            may stand before their speaker, words between the two.
        names: First word of each named actor or place, the one after its last, and per
            word which of them starts and ends there; -1 for none.
        numbers: First word of each number, ascending.
        is_passive: Words behind a form of "be": what "is said" has no speaker there.

    Returns:
        First word of the speaker and the one after the last; -1 for none.
    """
    reports, _, _, to_right, joins = flags
    found = np.full((len(numbers), 2), _NONE, dtype=np.int64)
    count = len(words.key)
    row, at, text = 0, 0, -1
    before_first, before_stop = _NONE, _NONE
    while at < count:
        end = at
        while end < count and words.sentence[end] == words.sentence[at]:
            end += 1
        if int(words.text_row[at]) != text:
            text = int(words.text_row[at])
            before_first, before_stop = _NONE, _NONE
        first_row = row
        while row < len(numbers) and numbers[row] < end:
            row += 1
        said_first, said_stop = _NONE, _NONE
        for verb in range(at, end):
            is_according = (
                to_right[verb]
                and not reports[verb]
                and verb + 1 < end
                and joins[verb + 1]
            )
            if not (reports[verb] or is_according) or is_passive[verb]:
                continue
            first, stop = _NONE, _NONE
            if reports[verb]:
                first, stop = _left(words, flags, names, verb)
                # "..., said Smith": what stands left belongs to what is said.
                quoted = verb > at and words.kind[verb - 1] == MARK
                if to_right[verb] and (first == _NONE or quoted):
                    right_first, right_stop = _right(words, flags, names, verb)
                    if right_first >= 0 and right_first - verb <= 3:  # noqa: PLR2004
                        first, stop = right_first, right_stop
            else:
                first, stop = _right(words, flags, names, verb + 1)
            if first == _PRONOUN:
                first, stop = before_first, before_stop
            if first == _NONE:
                continue
            if said_first == _NONE:
                said_first, said_stop = first, stop
            for mine in range(first_row, row):
                is_inside = first <= numbers[mine] < stop
                is_past = found[mine, 0] != _NONE and verb > numbers[mine]
                if not is_inside and not is_past:
                    found[mine, 0], found[mine, 1] = first, stop
        if said_first != _NONE:
            before_first, before_stop = said_first, said_stop
        at = end
    return found
