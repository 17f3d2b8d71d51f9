"""Spans of words chosen, marked, and carried on: compiled loops over few rows."""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.extract_content.word_kernels import LOWER_WORD, WordArrays
from transforms.text.buffers import Offsets

Flags = npt.NDArray[np.bool_]

MOST_NAME_WORDS: Final = 24  # of an organisation


@numba.njit(cache=True, nogil=True)
def choose_apart(firsts: Offsets, stops: Offsets, count: int) -> Flags:
    """Which spans overlap none before them in their order.

    Args:
        firsts: First word of each, best span first.
        stops: The one after the last.
        count: Of all words.
    """
    taken = np.zeros(count, dtype=np.bool_)
    kept = np.zeros(len(firsts), dtype=np.bool_)
    for row in range(len(firsts)):
        is_free = True
        for place in range(firsts[row], stops[row]):
            is_free &= not taken[place]
        kept[row] = is_free
        if is_free:
            taken[firsts[row] : stops[row]] = True
    return kept


@numba.njit(cache=True, nogil=True)
def choose_best(
    groups: npt.NDArray[np.uint32],
    scores: npt.NDArray[np.float64],
    numbers: npt.NDArray[np.uint32],
    count: int,
) -> Offsets:
    """Row with the highest score of each group, of equal ones the lowest number.

    Args:
        groups: Of each row, 0 to `count`; those without a row are left out.
        scores: Of each row.
        numbers: Likewise.
        count: Of groups.
    """
    best = np.full(count, -1, dtype=np.int64)
    for row in range(len(groups)):
        other = best[groups[row]]
        if (
            other < 0
            or scores[row] > scores[other]
            or (scores[row] == scores[other] and numbers[row] < numbers[other])
        ):
            best[groups[row]] = row
    return best[best >= 0]


@numba.njit(cache=True, nogil=True)
def mark_spans(firsts: Offsets, stops: Offsets, count: int) -> Flags:
    """Which words stand in a span."""
    marked = np.zeros(count, dtype=np.bool_)
    for row in range(len(firsts)):
        marked[firsts[row] : stops[row]] = True
    return marked


@numba.njit(cache=True, nogil=True)
def count_marked(marked: Flags, firsts: Offsets, stops: Offsets) -> Offsets:
    """How many words of each span are marked."""
    counts = np.zeros(len(firsts), dtype=np.int64)
    for row in range(len(firsts)):
        for place in range(firsts[row], stops[row]):
            counts[row] += marked[place]
    return counts


@numba.njit(cache=True, nogil=True)
def carry_on(  # noqa: C901 - one walk over words, for speed
    words: WordArrays,
    firsts: Offsets,
    stops: Offsets,
    joins: npt.NDArray[np.uint8],
    may_follow: Flags,
    is_common: Flags,
) -> Offsets:
    """Ends of organisations' names: "... of Internal Affairs of the Republic of ...".

    Args:
        words: Of the texts.
        firsts: First word of each name.
        stops: The one after its last, so far.
        joins: Per word: 1 for of, for, on; 2 for and; 3 for the; else 0.
        may_follow: Words that may go on with a name behind one that joins.
        is_common: Words that may stand behind `and`, as names of others do not.
    """
    ends = stops.copy()
    count = len(words.key)
    for row in range(len(firsts)):
        stop, is_of = stops[row], False
        while stop < count and stop - firsts[row] < MOST_NAME_WORDS:
            at = stop
            if words.sentence[at] != words.sentence[firsts[row]] or words.space[at] > 1:
                break
            join = joins[at]
            if words.kind[at] != LOWER_WORD or not (join == 1 or (join == 2 and is_of)):  # noqa: PLR2004
                break
            at += 1
            if at < count and join == 1 and joins[at] == 3:  # noqa: PLR2004
                at += 1
            if at >= count or not may_follow[at]:
                break
            if join == 2 and not is_common[at]:  # noqa: PLR2004
                break
            end = at + 1
            while (
                end < count
                and may_follow[end]
                and words.space[end] == 1
                and words.sentence[end] == words.sentence[at]
            ):
                end += 1
            is_of = True
            stop = end
        ends[row] = stop
    return ends
