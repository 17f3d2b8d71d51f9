"""Paragraphs of texts that a mail program wrapped at some width."""

from itertools import pairwise
from typing import Final

WIDTH_RANGE: Final = range(55, 83)
# Of lines, how many may be longer than the width, and how many must come near to it.
LONGER_MOST_RATIO: Final = 0.02
NEAR_MIN_RATIO: Final = 0.3
NEAR_CHARS: Final = 12
_MARKS: Final = frozenset("-*•–—>|=_#")


def join_wrapped_lines(text: str) -> str:
    r"""The text with lines joined whose break only the width made.

    A line goes on in the next one where that one's first word would have been too long
    for it. A text whose lines come near to no common width stays as it is.

    Example:
        >>> join_wrapped_lines("A short line.\nAnd another.")
        'A short line.\nAnd another.'
    """
    lines = [line.rstrip() for line in text.split("\n")]
    width = _find_width([len(line) for line in lines if line])
    if not width:
        return text
    parts = [lines[0]]
    for above, below in pairwise(lines):
        goes_on = (
            above
            and below
            and any(map(str.isalnum, above))
            and not below[0].isspace()
            and below[0] not in _MARKS
            and len(above) + 1 + len(below.split(maxsplit=1)[0]) > width
        )
        parts += [" " if goes_on else "\n", below]
    return "".join(parts)


def _find_width(lengths: list[int]) -> int:
    """Width that lines were wrapped at; 0 where there is none."""
    if not lengths:
        return 0
    width = sorted(lengths)[int((1 - LONGER_MOST_RATIO) * (len(lengths) - 1))]
    near = sum(width - NEAR_CHARS < length <= width for length in lengths)
    is_wrapped = width in WIDTH_RANGE and near >= NEAR_MIN_RATIO * len(lengths)
    return width if is_wrapped else 0
