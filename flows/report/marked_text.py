"""Text of articles on a page, its evidence marked at its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stretch:
    """A stretch of text; with a quote when it spoke for or against the label."""

    text: str
    quote: Mapping[str, Any] | None = None


def mark(text: str, quotes: Iterable[Mapping[str, Any]]) -> list[Stretch]:
    """Cut a text at its evidence.

    Args:
        text: Cleaned title or body, perhaps cut short.
        quotes: `text_start` (characters, null when not in the cleaned text) and
            `exact`; of overlapping ones the first is marked.

    Returns:
        Stretches that add up to the text.

    Example:
        >>> [part.text for part in mark("a war", [{"text_start": 2, "exact": "war"}])]
        ['a ', 'war']
    """
    stretches: list[Stretch] = []
    done = 0
    placed = (quote for quote in quotes if quote["text_start"] is not None)
    for quote in sorted(placed, key=lambda quote: quote["text_start"]):
        start, end = quote["text_start"], quote["text_start"] + len(quote["exact"])
        if start < done or end > len(text):
            continue
        stretches += [Stretch(text[done:start]), Stretch(text[start:end], quote)]
        done = end
    return [part for part in [*stretches, Stretch(text[done:])] if part.text]
