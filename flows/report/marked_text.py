"""Text of articles on a page: inert whatever it holds, evidence marked at its place."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

# Controls but tab and line feed, what reorders text, tags, and halves of pairs. Joiners
# stay: scripts and emoji need them, and they move nothing.
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_PILED_MARKS: Final = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")


def inert(text: str) -> str:
    r"""The text with everything visible that would reorder, hide, or pile up.

    Example:
        >>> inert("a\u202eb\n")
        'a\\u202eb\n'
    """
    if text.isascii() and text.isprintable():
        return text
    shown = _HIDDEN.sub(lambda found: ascii(found[0])[1:-1], text)
    return _PILED_MARKS.sub(r"\1", shown)


@dataclass(frozen=True)
class Piece:
    """A stretch of text; with a quote when it spoke for or against the label."""

    text: str
    quote: Mapping[str, Any] | None = None


def mark(text: str, quotes: Iterable[Mapping[str, Any]]) -> list[Piece]:
    """Cut a text at its evidence.

    Args:
        text: Cleaned title or body, perhaps cut short.
        quotes: `text_start` (characters, null when not in the cleaned text) and
            `exact`; of overlapping ones the first is marked.

    Returns:
        Pieces that add up to the text.

    Example:
        >>> [piece.text for piece in mark("a war", [{"text_start": 2, "exact": "war"}])]
        ['a ', 'war']
    """
    pieces: list[Piece] = []
    done = 0
    placed = (quote for quote in quotes if quote["text_start"] is not None)
    for quote in sorted(placed, key=lambda quote: quote["text_start"]):
        start, end = quote["text_start"], quote["text_start"] + len(quote["exact"])
        if start < done or end > len(text):
            continue
        pieces += [Piece(text[done:start]), Piece(text[start:end], quote)]
        done = end
    return [piece for piece in [*pieces, Piece(text[done:])] if piece.text]
