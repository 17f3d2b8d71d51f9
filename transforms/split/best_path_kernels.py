"""The likeliest way through a whole document: outside, start, head, text."""

from typing import Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from transforms.text.buffers import Offsets

Scores = npt.NDArray[np.float64]
States = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

OUTSIDE, START, INSIDE = range(3)
_OUT, _BEGUN, _HEAD, _TEXT = range(4)
_NEVER: Final = -1e18
# Log-odds that an article without any running text costs.
_BARE_ARTICLE: Final = -4.0


class PathLines(NamedTuple):
    """What a path reads of each line.

    Attributes:
        start: Log-odds that the line starts an article.
        outer: Log-odds that the line belongs to no article.
        is_text: Whether the line is running text.
        is_whole: Whether the line may be an article by itself.
        is_last: Whether no article goes on behind the line.
    """

    start: Scores
    outer: Scores
    is_text: Flags
    is_whole: Flags
    is_last: Flags


@numba.njit(cache=True, nogil=True)
def _leave(best: Scores, is_whole: np.bool_) -> tuple[float, int]:
    """Best score, and its state, from which a line outside or a start may follow.

    A start that is a whole article is left as running text is.
    """
    score, source = best[_OUT], _OUT
    if best[_HEAD] + _BARE_ARTICLE > score:
        score, source = best[_HEAD] + _BARE_ARTICLE, _HEAD
    if best[_TEXT] >= score:
        score, source = best[_TEXT], _TEXT
    if is_whole and best[_BEGUN] >= score:
        score, source = best[_BEGUN], _BEGUN
    return score, source


@numba.njit(cache=True, nogil=True)
def _walk(lines: PathLines, back: States) -> int:
    """Fill in where each state comes from; return the state of the last line."""
    start, outer, is_text, is_whole, is_last = lines
    best = np.array([outer[0], start[0], _NEVER, _NEVER])
    for row in range(1, len(start)):
        left, source = _leave(best, is_whole[row - 1])
        if is_last[row - 1]:
            best[_BEGUN:] = _NEVER
        untold = _BEGUN if best[_BEGUN] >= best[_HEAD] else _HEAD
        back[row, _OUT] = source
        back[row, _BEGUN] = source
        back[row, _HEAD] = untold
        back[row, _TEXT] = _TEXT
        if is_text[row]:
            if best[untold] > best[_TEXT]:
                back[row, _TEXT] = untold
            best[_TEXT] = max(best[_TEXT], best[untold])
            best[_HEAD] = _NEVER
        else:
            best[_HEAD] = best[untold]
        best[_OUT] = left + outer[row]
        best[_BEGUN] = left + start[row]
    return _leave(best, is_whole[-1])[1]


@numba.njit(cache=True, nogil=True)
def find_path(lines: PathLines, bounds: Offsets) -> States:
    """State (OUTSIDE, START, INSIDE) of every line of every document.

    An article begins with its start and has at least two lines unless the one is whole:
    outside is never followed by inside, nor such a start by anything else. To be inside
    counts nothing.

    Args:
        lines: What is known of them.
        bounds: First line of each document, and the number of lines.
    """
    states = np.zeros(len(lines.start), dtype=np.int8)
    for document in range(len(bounds) - 1):
        first, end = bounds[document], bounds[document + 1]
        back = np.zeros((end - first, 4), dtype=np.int8)
        part = PathLines(
            lines.start[first:end],
            lines.outer[first:end],
            lines.is_text[first:end],
            lines.is_whole[first:end],
            lines.is_last[first:end],
        )
        state = _walk(part, back)
        for row in range(end - first - 1, -1, -1):
            states[first + row] = min(state, INSIDE)
            state = back[row, state]
    return states
