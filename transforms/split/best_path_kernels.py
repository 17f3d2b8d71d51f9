"""The likeliest way through a whole document: outside, start, head, text."""

from typing import Final

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


@numba.njit(cache=True, nogil=True)
def _leave(best: Scores) -> tuple[float, int]:
    """Best score, and its state, from which a line outside or a start may follow."""
    score, source = best[_OUT], _OUT
    if best[_HEAD] + _BARE_ARTICLE > score:
        score, source = best[_HEAD] + _BARE_ARTICLE, _HEAD
    if best[_TEXT] >= score:
        score, source = best[_TEXT], _TEXT
    return score, source


@numba.njit(cache=True, nogil=True)
def _walk(start: Scores, outer: Scores, is_text: Flags, back: States) -> int:
    """Fill in where each state comes from; return the state of the last line."""
    best = np.array([outer[0], start[0], _NEVER, _NEVER])
    for row in range(1, len(start)):
        left, source = _leave(best)
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
    return _leave(best)[1]


@numba.njit(cache=True, nogil=True)
def find_path(start: Scores, outer: Scores, is_text: Flags, bounds: Offsets) -> States:
    """State (OUTSIDE, START, INSIDE) of every line of every document.

    An article begins with its start and has at least two lines: outside is never
    followed by inside, nor a start by anything else. To be inside counts nothing.

    Args:
        start: Log-odds that the line starts an article.
        outer: Log-odds that the line belongs to no article.
        is_text: Whether the line is running text.
        bounds: First line of each document, and the number of lines.
    """
    states = np.zeros(len(start), dtype=np.int8)
    for document in range(len(bounds) - 1):
        first, end = bounds[document], bounds[document + 1]
        back = np.zeros((end - first, 4), dtype=np.int8)
        state = _walk(start[first:end], outer[first:end], is_text[first:end], back)
        for row in range(end - first - 1, -1, -1):
            states[first + row] = min(state, INSIDE)
            state = back[row, state]
    return states
