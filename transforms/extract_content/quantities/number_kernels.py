"""Numbers read from words and digits: one compiled pass over words."""

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.extract_content.word_kernels import NUMBER_WORD, WordArrays
from transforms.text.buffers import Offsets

Floats = npt.NDArray[np.float64]
Kinds = npt.NDArray[np.uint8]

SMALL: Final = 1  # kinds of words in numbers
SCALE: Final = 2
VAGUE: Final = 3
ARTICLE: Final = 4  # a, an
HYPHEN: Final = 5
OF: Final = 6
AND: Final = 7
HALF: Final = 8
_HUNDRED: Final = 100.0
_HALF: Final = 0.5
_TEN: Final = 10.0
_TWENTY: Final = 20.0
_THOUSAND: Final = 1_000.0


@numba.njit(cache=True, nogil=True)
def _read_words(
    words: WordArrays, kinds: Kinds, values: Floats, at: int
) -> tuple[float, int, float]:
    """Value of a number in words, the word after it, and what it was multiplied by.

    "Two hundred and six thousand" is 206 times 1,000.
    """
    total, current, scaled, place = 0.0, values[at], 1.0, at + 1
    while place < len(words.key) and words.sentence[place] == words.sentence[at]:
        step = place
        if kinds[place] == SCALE:
            scaled = values[place]
            if scaled < _THOUSAND:
                current *= scaled
            else:
                total, current = total + current * scaled, 0.0
            place += 1
            continue
        is_long = total + current >= _HUNDRED
        if kinds[step] == HYPHEN or (kinds[step] == AND and is_long):
            step += 1
        if step >= len(words.key) or kinds[step] != SMALL:
            break
        last = current % _HUNDRED
        is_ten = last >= _TWENTY and last % _TEN == 0 and values[step] < _TEN
        if not (is_ten or (last == 0 and is_long)):
            break
        current += values[step]
        scaled = 1.0
        place = step + 1
    return total + current, place, scaled


@numba.njit(cache=True, nogil=True)
def read_numbers(  # noqa: C901 - one pass over words, for speed
    words: WordArrays, kinds: Kinds, values: Floats, rows: Offsets, numbers: Floats
) -> int:
    """Fill rows and numbers with all that stand in the words.

    Args:
        words: Of the texts.
        kinds: Of each word, 0 for those of no number.
        values: Of each word of a number.
        rows: Filled: first word, and the one after the last; one row per number.
        numbers: Filled: its value; 1 where it is vague (dozens), else 0; and what it
            was multiplied by in words (1: nothing), as "1.5 to 1.7 million" needs.

    Returns:
        How many there are.
    """
    count, at, total = 0, 0, len(words.key)
    while at < total:
        kind, place = kinds[at], at
        is_vague, scaled = False, 1.0
        number = np.nan
        if words.kind[at] == NUMBER_WORD:
            number = words.value[at]
            place = at + 1
        elif kind == VAGUE:
            number, is_vague = values[at], True
            place = at + 1
            if place + 1 < total and kinds[place] == OF and kinds[place + 1] == VAGUE:
                # Tens of thousands: 20 times 1,000.
                number *= values[place + 1] / 2.0
                place += 2
        elif kind == SMALL:
            number, place, scaled = _read_words(words, kinds, values, at)
        elif (
            kind == ARTICLE
            and at + 1 < total
            and (kinds[at + 1] == SCALE or kinds[at + 1] == HALF)
        ):
            number = 1.0 if kinds[at + 1] == SCALE else _HALF
            place = at + 1 + (kinds[at + 1] == HALF)
        elif (
            kind == HALF
            and at + 2 < total
            and kinds[at + 1] == ARTICLE
            and kinds[at + 2] == SCALE
        ):
            number, place = _HALF, at + 2
        if np.isnan(number):
            at += 1
            continue
        while (
            place < total
            and kinds[place] == SCALE
            and words.space[place] <= 1
            and not is_vague
            and kind != SMALL
        ):
            number *= values[place]
            scaled *= values[place]
            place += 1
        rows[count, 0], rows[count, 1] = at, place
        # 16.6 billion is 16,600,000,000, not two millionths more.
        numbers[count, 0] = number if scaled == 1.0 else np.rint(number * 1e3) / 1e3
        numbers[count, 1] = 1.0 if is_vague else 0.0
        numbers[count, 2] = scaled
        count += 1
        at = place
    return count
