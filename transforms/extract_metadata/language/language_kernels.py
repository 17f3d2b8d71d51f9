"""Word counts, and the feature walk of py3langid, over many texts at once, compiled.

The walk of the library takes a Python step per byte, a third of a millisecond per text,
which made a file in any language but English ten times slower than the whole stage.
"""

from collections.abc import Iterable
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets

Scores = npt.NDArray[np.float32]

_FIRST, _LAST = ord("a"), ord("z")
_LOWER_BIT: Final = 0x20
_WORD_BITS: Final = 8
_MAX_WORD: Final = 5


@numba.njit(cache=True, nogil=True)
def walk(
    data: ByteArray,
    starts: Offsets,
    automaton: tuple[
        npt.NDArray[np.uint32], npt.NDArray[np.int64], npt.NDArray[np.int64]
    ],
) -> tuple[Offsets, Offsets]:
    """Features that each text visits, in order of place.

    Args:
        data: UTF-8 bytes of all texts, back to back.
        starts: One offset per text plus the end of the last one.
        automaton: Next state per row and byte, first cell of the row of each state,
            and the feature that each state stands for, -1 for none.

    Returns:
        Features of all texts, and where those of each text start (one more than texts).
    """
    next_states, rows, features = automaton
    found = np.empty(len(data), dtype=np.int64)
    bounds = np.zeros(len(starts), dtype=np.int64)
    count = 0
    for text in range(len(starts) - 1):
        state = np.int64(0)
        for at in range(starts[text], starts[text + 1]):
            state = np.int64(next_states[rows[state] + data[at]])
            if features[state] >= 0:
                found[count] = features[state]
                count += 1
        bounds[text + 1] = count
    return found[:count], bounds


@numba.njit(cache=True, nogil=True)
def score(places: Offsets, bounds: Offsets, table: Scores) -> Scores:
    """Sum of log(1 + visits) times the feature's row of the table, per text.

    Args:
        places: Rows of the table that the texts visit, text by text.
        bounds: Where those of each text start, and the end of the last one.
        table: One row per feature, one column per language.

    Returns:
        One row per text, one column per language.
    """
    scores = np.zeros((len(bounds) - 1, table.shape[1]), dtype=np.float32)
    for text in range(len(bounds) - 1):
        visited = np.sort(places[bounds[text] : bounds[text + 1]])
        first = 0
        for at in range(1, len(visited) + 1):
            if at == len(visited) or visited[at] != visited[first]:
                weight = np.float32(np.log1p(at - first))
                for language in range(table.shape[1]):
                    scores[text, language] += weight * table[visited[first], language]
                first = at
    return scores


def pack_words(words: Iterable[str]) -> Offsets:
    """Short words as ascending numbers, a byte per letter."""
    return np.array(
        sorted(int.from_bytes(word.encode(), "big") for word in words), dtype=np.int64
    )


@numba.njit(cache=True, nogil=True)
def _has(words: Offsets, code: np.int64) -> bool:
    low, high = 0, len(words)
    while low < high:
        middle = (low + high) >> 1
        if words[middle] < code:
            low = middle + 1
        else:
            high = middle
    return bool(low < len(words) and words[low] == code)


@numba.njit(cache=True, nogil=True)
def count_words(
    data: ByteArray, bounds: tuple[int, int], common: Offsets, own: Offsets
) -> tuple[int, int]:
    """How many words of a text are of either list; letters are those of ASCII.

    Args:
        data: UTF-8 bytes.
        bounds: First byte and end of the text.
        common: Words in lower case, see `pack_words`.
        own: A part of them that is counted apart.
    """
    count, own_count = 0, 0
    code, size = np.int64(0), 0
    for at in range(bounds[0], bounds[1] + 1):
        letter = np.int64(data[at] | _LOWER_BIT) if at < bounds[1] else np.int64(0)
        if _FIRST <= letter <= _LAST:
            code = (code << _WORD_BITS) | letter
            size += 1
        else:
            if 1 < size <= _MAX_WORD and _has(common, code):
                count += 1
                own_count += _has(own, code)
            code, size = np.int64(0), 0
    return count, own_count


@numba.njit(cache=True, nogil=True)
def is_mostly_of(
    data: ByteArray,
    starts: Offsets,
    words: tuple[Offsets, Offsets],
    glances: Offsets,
    min_ratio: float,
) -> npt.NDArray[np.bool_]:
    """Texts whose first bytes hold enough of some words.

    Args:
        data: UTF-8 bytes of all texts, back to back.
        starts: One offset per text plus the end of the last one.
        words: `common` and `own` of `count_words`.
        glances: One row per attempt: how many bytes to look at, and how many words
            are too few.
        min_ratio: Words per byte at least.
    """
    is_of = np.zeros(len(starts) - 1, dtype=np.bool_)
    for text in range(len(starts) - 1):
        for glance in range(len(glances)):
            end = min(starts[text + 1], starts[text] + glances[glance, 0])
            count, own = count_words(data, (starts[text], end), words[0], words[1])
            is_enough = count > glances[glance, 1] and own > 0
            if is_enough and count >= min_ratio * (end - starts[text]):
                is_of[text] = True
                break
    return is_of
