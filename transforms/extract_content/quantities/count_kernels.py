"""What numbers of people count: the nearest word that says what happened to them."""

from typing import Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from transforms.extract_content.word_kernels import (
    CAPITAL,
    DOT_KEY,
    LOWER_WORD,
    MARK,
    NUMBER_WORD,
    WordArrays,
)
from transforms.text.buffers import Offsets

Flags = npt.NDArray[np.bool_]
Kinds = npt.NDArray[np.uint8]

TROOPS: Final = 9  # behind the eight kinds of triggers
_PROTESTERS: Final = 7
_REACH: Final = 9  # words
_NOUN_REACH: Final = 4
_LEFT_COST: Final = 1.5
_MOST_PEOPLE: Final = 1e8
_YEARS: Final = (1500.0, 2100.0)


class CountWords(NamedTuple):
    """Words by what they say of a count.

    Attributes:
        triggers: What happened, as `what_is_counted` numbers it; 0 for others.
        troops: Soldiers and police.
        marchers: Protesters; what happened to them counts more than who they are.
        persons: Those who are counted.
        skip: What is counted and is no claim: percent, years, kilometres, houses.
        figures: "number", "total": the number is of what was counted before.
        follow: Words of grammar that stand behind a number of people.
        one: The word "one", which mostly is no number.
    """

    triggers: Kinds
    troops: Flags
    marchers: Flags
    persons: Flags
    skip: Flags
    figures: Flags
    follow: Flags
    one: Flags


@numba.njit(cache=True, nogil=True)
def _noun(  # noqa: C901, PLR0911 - one walk over words, for speed
    words: WordArrays, lists: CountWords, at: int, stop: int
) -> int:
    """Whom a number counts: the word, -1 for no word, -2 for what is no person."""
    count = len(words.key)
    begin = at
    while begin < min(at + 2, count) and lists.follow[begin]:
        begin += 1  # thousands of the protesters
    for place in range(begin, min(begin + _NOUN_REACH, count)):
        if words.sentence[place] != words.sentence[stop - 1]:
            return -1
        if lists.skip[place]:
            return -2
        if lists.persons[place] or lists.troops[place]:
            return place
        if lists.triggers[place]:
            return -1
        if words.kind[place] == MARK and words.space[place] == 0:
            # A hyphen goes on: anti-government protesters.
            if place == at and words.value[place] == 0.0:
                return -1
            if words.value[place] != 0.0:
                return -1
        if words.kind[place] == NUMBER_WORD:
            return -1
    return -1


@numba.njit(cache=True, nogil=True)
def _nearest(  # noqa: C901 - two walks over words, for speed
    words: WordArrays,
    lists: CountWords,
    span: tuple[int, int],
    blocks: Flags,
) -> int:
    """The trigger that is nearest to a number, those behind it first; 0 for none."""
    best, least = 0, 1e9
    first, stop = span
    count = len(words.key)
    sentence = words.sentence[stop - 1]
    for place in range(stop, min(stop + _REACH, count)):
        if words.sentence[place] != sentence or blocks[place]:
            break
        is_end = words.kind[place] == MARK and words.value[place] == 0.0
        if is_end and words.space[place] == 0 and place > stop:
            following = place + 1
            if following < count and words.space[following] == 1:
                break  # a comma, a semicolon
        if lists.triggers[place]:
            best, least = int(lists.triggers[place]), float(place - stop)
            break
    for back in range(_REACH):
        place = first - 1 - back
        if place < 0 or words.sentence[place] != sentence or blocks[place]:
            break
        if lists.triggers[place] and back + _LEFT_COST < least:
            return int(lists.triggers[place])
    return best


@numba.njit(cache=True, nogil=True)
def count_people(
    words: WordArrays,
    lists: CountWords,
    spans: tuple[Offsets, Offsets],
    values: npt.NDArray[np.float64],
    has_unit: Flags,
    is_negated: Flags,
) -> Kinds:
    """What each number counts.

    Args:
        words: Of the texts.
        lists: What their words say.
        spans: First word of each number, ascending, and the one after its last.
        values: What each comes to.
        has_unit: Numbers of money and such, which count no people.
        is_negated: "No" and "nobody", which need their word right behind.

    Returns:
        Number of the trigger, TROOPS, or 0.
    """
    numbers, stops = spans
    kinds = np.zeros(len(numbers), dtype=np.uint8)
    blocks = np.zeros(len(words.key), dtype=np.bool_)
    for row in range(len(numbers)):
        blocks[numbers[row] : stops[row]] = True
    last, last_text = 0, -1
    for row in range(len(numbers)):
        first, stop = numbers[row], stops[row]
        text = int(words.text_row[first])
        if text != last_text:
            last, last_text = 0, text
        if has_unit[row] or values[row] > _MOST_PEOPLE:
            continue
        blocks[first:stop] = False
        if is_negated[row]:
            kind = _count_nobody(words, lists, stop, numbers[row])
        else:
            kind = _count(words, lists, (first, stop), blocks, last)
        blocks[first:stop] = True
        kinds[row] = kind
        if kind:
            last = kind
    return kinds


@numba.njit(cache=True, nogil=True)
def _count(  # noqa: C901, PLR0911, PLR0912 - the rules, one after the other
    words: WordArrays,
    lists: CountWords,
    span: tuple[int, int],
    blocks: Flags,
    last: int,
) -> int:
    """What one number counts."""
    first, stop = span
    count = len(words.key)
    at = stop
    if at < count and words.sentence[at] == words.sentence[stop - 1]:
        is_joined = words.space[at] == 0
        is_compound = (
            is_joined
            and words.kind[at] == MARK
            and at + 1 < count
            and words.space[at + 1] == 0
            and words.value[at] == 0.0
        )
        if is_compound:
            return 0  # 41-year-old, 24-hour, 7:30
        if is_joined and words.kind[at] == LOWER_WORD:
            return 0
    before = first - 1
    if before > 0 and words.key[before] == DOT_KEY:
        before -= 1
    if before >= 0 and lists.skip[before] and words.space[first] == 1:
        return 0  # January 6, Jan. 6
    is_time = (
        first > 1
        and words.kind[first - 1] == MARK
        and words.space[first] == 0
        and words.space[first - 1] == 0
        and words.kind[first - 2] == NUMBER_WORD
    )
    if is_time:
        return 0  # 12:15
    noun = _noun(words, lists, stop, stop)
    if noun == -2:  # noqa: PLR2004
        return 0
    value = words.value[first]
    is_year = (
        words.kind[first] == NUMBER_WORD
        and _YEARS[0] < value < _YEARS[1]
        and words.end[first] - words.start[first] == 4  # noqa: PLR2004
    )
    if is_year and noun != stop:
        return 0
    if lists.one[first] and noun < 0 and not (at < count and lists.triggers[at]):
        return 0
    if lists.one[first] and noun > stop + 1:
        return 0
    if first and noun < 0 and at < count:
        is_age = (
            words.kind[first - 1] == MARK
            and words.key[first - 1] == words.key[at]
            and words.space[first] == 1
            and words.space[at] == 0
        )
        if is_age:
            return 0  # William, 22, said
    is_model = stop < count and words.kind[stop] == CAPITAL and words.space[stop] == 1
    if noun < 0 and is_model and words.sentence[stop] == words.sentence[first]:
        return 0  # an iPhone 12 Pro
    kind = _nearest(words, lists, span, blocks)
    if kind == 0 and noun >= 0 and lists.troops[noun]:
        return TROOPS
    if kind == 0 and noun >= 0 and lists.marchers[noun]:
        return _PROTESTERS
    if noun < 0 and kind:
        # Something else is counted: four vehicles were seized.
        following = stop
        is_other = (
            following < count
            and words.sentence[following] == words.sentence[stop - 1]
            and words.kind[following] == LOWER_WORD
            and not lists.triggers[following]
            and not lists.follow[following]
        )
        if is_other:
            return 0
    if kind == 0 and last and noun < 0:
        # "lowered that number to 39", "put it at 160"
        for back in range(1, 5):
            place = first - back
            if place < 0 or words.sentence[place] != words.sentence[first]:
                break
            if lists.figures[place]:
                return last
    return kind


@numba.njit(cache=True, nogil=True)
def _count_nobody(words: WordArrays, lists: CountWords, stop: int, first: int) -> int:
    """What "no" and "nobody" say of: no injuries, no one was hurt."""
    for place in range(stop, min(stop + _NOUN_REACH, len(words.key))):
        if words.sentence[place] != words.sentence[first] or words.kind[place] == MARK:
            break
        if lists.triggers[place]:
            return int(lists.triggers[place])
        is_far = place > stop and not lists.persons[place - 1]
        if is_far and words.kind[place] != LOWER_WORD:
            break
    return 0
