"""Lines of articles with what decides their roles: where each stands, how it ends."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.clean.line_shape_kernels import Flags, describe_shapes
from transforms.contracts import LineRole
from transforms.text.buffers import ByteArray, Offsets, slice_text

# A longer line reads like a paragraph, however it ends.
TEXT_MIN_BYTES: Final = 90
# Rank of what an article does not have.
FAR: Final = 1 << 40


def is_filled_line(lines: pl.DataFrame) -> pl.Series:
    """Whether each line is one of an article and no blank."""
    role = lines["role"]
    is_blank = (role == LineRole.BLANK) | (role == LineRole.SEPARATOR)
    return lines["article_row"].is_not_null() & ~is_blank


@dataclass(frozen=True)
class RankedLines:
    """Filled lines, article by article, and where each stands in its article.

    Attributes:
        data: UTF-8 bytes of the batch.
        rows: `place` (row of the batch's lines), `document_row`, `role`.
        starts: First byte of each line that is no blank.
        ends: End of its last character that is no blank.
        closes: Whether it ends like a sentence.
        numbers: Of the article of each line, from 0.
        ranks: Lines after the title line; negative before it.
        left: Lines to the article's end, 1 for its last.
        last_substantial: Per article, rank of its last line that reads like text.
    """

    data: ByteArray
    rows: pl.DataFrame
    starts: Offsets
    ends: Offsets
    closes: Flags
    numbers: Offsets
    ranks: Offsets
    left: Offsets
    last_substantial: Offsets

    @property
    def sizes(self) -> Offsets:
        """Bytes of each line without outer blanks."""
        sizes: Offsets = self.ends - self.starts
        return sizes

    def texts(self, at: Offsets) -> pl.Series:
        """Some of the lines, in order, without outer blanks."""
        return slice_text(self.data, self.starts[at], self.ends[at])

    def articles_with(self, at: Offsets) -> Flags:
        """Per article whether it has one of these lines."""
        has = np.zeros(len(self.last_substantial), dtype=bool)
        has[self.numbers[at]] = True
        return has

    def article_max(self, at: Offsets, values: Offsets) -> Offsets:
        """Largest value per article of some of its lines; -1 where it has none."""
        found = np.full(len(self.last_substantial), -1, dtype=np.int64)
        np.maximum.at(found, self.numbers[at], values)
        return found

    def article_min(self, at: Offsets, values: Offsets) -> Offsets:
        """Smallest value per article of some of its lines; huge where it has none."""
        return -self.article_max(at, FAR - values) + FAR


def rank_lines(data: ByteArray, filled: pl.DataFrame) -> RankedLines:
    """Find where each filled line stands in its article, and how it ends.

    Args:
        data: UTF-8 bytes of the batch.
        filled: Lines of articles, none blank: `article_row`, `document_row`, `role`,
            `byte_start`, `byte_end`, and `place`, their row among the batch's lines.
    """
    articles = filled["article_row"].to_numpy()
    is_first = np.append(True, articles[1:] != articles[:-1])[: len(articles)]
    firsts = np.flatnonzero(is_first)
    numbers = np.cumsum(is_first) - 1
    counts = np.diff(np.append(firsts, len(articles)))
    places = np.arange(len(articles)) - firsts[numbers]
    is_title = (filled["role"] == LineRole.TITLE).to_numpy()
    titles = np.flatnonzero(is_title)
    title_places = np.full(len(firsts), -1, dtype=np.int64)
    # Reversed, so that the first title line of an article is written last.
    title_places[numbers[titles[::-1]]] = places[titles[::-1]]
    ranks = places - title_places[numbers]
    starts, ends = filled["byte_start"].to_numpy(), filled["byte_end"].to_numpy()
    shapes = describe_shapes(data, starts, ends)
    # A line that is long, or closed like a sentence, reads like a paragraph.
    substantial = np.flatnonzero((ends - starts > TEXT_MIN_BYTES) | shapes.closes)
    last_substantial = (counts - 1) - title_places
    last_substantial[numbers[substantial]] = 0
    np.maximum.at(last_substantial, numbers[substantial], ranks[substantial])
    return RankedLines(
        data=data,
        rows=filled.select("place", "document_row", "role"),
        starts=shapes.starts,
        ends=shapes.ends,
        closes=shapes.closes,
        numbers=numbers,
        ranks=ranks,
        left=counts[numbers] - places,
        last_substantial=last_substantial,
    )
