"""The sentence of an article that answers a search, with its words marked."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import polars as pl

from transforms.search.words import WORD

MarkSpan = tuple[int, int]
_CHARS_BEFORE: Final = 40
_END: Final = re.compile(
    r"(?<=[.!?…])(?<!\.\w\.)(?<!\b[A-ZА-Я]\.)[\"”’»)]*\s+(?=[^\W\d_a-zа-я]|[\d\"“«(])|\n+"
)


class Sentence(NamedTuple):
    """Where the answer is.

    Attributes:
        text: As printed.
        marks: Its words that were searched for, first character and the one after the
            last, in `text`.
        start: Its first character in the title or body.
        is_title: It is the title: no sentence of the body has any of the words.
    """

    text: str
    marks: list[MarkSpan]
    start: int
    is_title: bool

    @property
    def marked(self) -> str:
        """The text with two asterisks on both sides of each mark."""
        pieces, at = [], 0
        for start, end in self.marks:
            pieces += [self.text[at:start], "**", self.text[start:end], "**"]
            at = end
        return "".join([*pieces, self.text[at:]])

    @property
    def extract(self) -> str:
        """The marked text from a little before its first mark, for a narrow cell."""
        first = self.marks[0][0] if self.marks else 0
        if first <= _CHARS_BEFORE:
            return self.marked
        blank = self.text.find(" ", first - _CHARS_BEFORE, first)
        return f"…{self.marked[blank + 1 if blank >= 0 else first :]}"


def find_sentence(title: str, body: str, matched_words: Sequence[int]) -> Sentence:
    """The first sentence of those with the most different matched words.

    Args:
        title: Of the article.
        body: Of the article.
        matched_words: Which words of title and body, from 0, were searched for.

    Example:
        >>> find_sentence("Power", "All is dark. No power, no light.", [0, 5]).marked
        'No **power**, no light.'
    """
    spans = _word_spans(f"{title}\n{body}")
    offset = len(title) + 1
    found = [spans[place] for place in matched_words if place < len(spans)]
    in_body = [(a - offset, b - offset) for a, b in found if a >= offset]
    if not in_body:
        in_title = [span for span in found if span[1] < offset]
        return Sentence(title, in_title, 0, is_title=True)
    best = max(
        _sentences(body),
        key=lambda span: (
            len({body[a:b].lower() for a, b in in_body if span[0] <= a < span[1]}),
            -span[0],
        ),
    )
    marks = [(a - best[0], b - best[0]) for a, b in in_body if best[0] <= a < best[1]]
    return Sentence(body[slice(*best)], marks, best[0], is_title=False)


def _word_spans(text: str) -> list[MarkSpan]:
    words = pl.Series([text]).str.extract_all(WORD).item().to_list()
    spans, at = [], 0
    for word in words:
        start = text.index(word, at)
        at = start + len(word)
        spans.append((start, at))
    return spans


def _sentences(body: str) -> list[MarkSpan]:
    spans, at = [], 0
    for gap in _END.finditer(body):
        end = gap.start() + len(gap.group().rstrip())
        spans.append((at, end))
        at = gap.end()
    return [*spans, (at, len(body))]
