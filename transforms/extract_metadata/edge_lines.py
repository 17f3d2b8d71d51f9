"""The lines around a body, which say where an article comes from.

All is done with series of one batch's lines, for the frames of so few lines cost more
than what is done with them.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.clean.body_edges import EDGE_CHARS
from transforms.contracts import LineRole
from transforms.text.buffers import Offsets

Flags = npt.NDArray[np.bool_]

EXPORT_KINDS: Final = ("counter", "word_count", "body_marker", "document_id")


def find_edge_lines(articles: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Title, header, and trailer lines in order, each with its neighbours.

    Args:
        articles: `article_row`, ascending.
        lines: The lines that `clean` gave, article by article; those of other articles
            are left out.

    Returns:
        `article_row`, `role`, `kind` (empty for none), `text` (without outer blanks),
        the same of the lines `before` and `after` in the article, null for none,
        `is_export`: whether a database put its own fields around the article, and
        `is_past_title`.
    """
    roles = (LineRole.TITLE, LineRole.HEADER, LineRole.TRAILER)
    own = lines.select("article_row", "role", "kind", "text").filter(
        is_one_of(lines["role"], roles) & _is_of(articles, lines)
    )
    rows = own["article_row"].to_numpy()
    texts = own["text"].str.slice(0, EDGE_CHARS).str.strip_chars()
    kinds = own["kind"].fill_null("")
    is_other = pl.Series(rows[1:] != rows[:-1])
    before, after = _neighbours(texts, is_other)
    kinds_before, kinds_after = _neighbours(kinds, is_other)
    is_title = (own["role"] == LineRole.TITLE).to_numpy()
    return pl.DataFrame(
        [
            own["article_row"],
            own["role"],
            kinds.alias("kind"),
            texts.alias("text"),
            before.alias("before"),
            after.alias("after"),
            kinds_before.alias("kind_before"),
            kinds_after.alias("kind_after"),
            pl.Series("is_export", _holds(rows, is_one_of(kinds, EXPORT_KINDS))),
            pl.Series("is_past_title", _is_past(rows, is_title)),
        ]
    )


def find_outer_lines(
    articles: pl.DataFrame, lines: pl.DataFrame
) -> tuple[pl.Series, pl.Series]:
    """First and last body line of each article, null where there is none."""
    body = (lines["role"] == LineRole.BODY).arg_true().to_numpy()
    rows = lines["article_row"].gather(body).to_numpy()
    is_first = np.append(True, rows[1:] != rows[:-1])[: len(rows)]
    is_last = np.append(rows[1:] != rows[:-1], True)[: len(rows)]
    known = articles["article_row"].to_numpy()
    places = np.searchsorted(rows[is_first], known)
    has_body = np.append(rows[is_first], -1)[places] == known
    firsts, lasts = (
        lines["text"].gather(
            pl.Series(np.append(body[is_outer], 0)[places]).set(
                pl.Series(~has_body), None
            )
        )
        for is_outer in (is_first, is_last)
    )
    return firsts, lasts


def first_of_each(
    articles: pl.DataFrame, rows: pl.Series, texts: pl.Series
) -> pl.Series:
    """Per article the first text that is said of it, null where there is none.

    Args:
        articles: `article_row`, ascending.
        rows: Articles of the texts.
        texts: Null where nothing is said.
    """
    is_said = texts.is_not_null()
    said = texts.filter(is_said)
    places = np.searchsorted(
        articles["article_row"].to_numpy(), rows.filter(is_said).to_numpy()
    )
    places, firsts = np.unique(places, return_index=True)
    nothing = pl.Series("text", [None], dtype=pl.String)
    return nothing.new_from_index(0, len(articles)).scatter(places, said.gather(firsts))


def is_one_of(names: pl.Series, some: tuple[str, ...]) -> pl.Series:
    """Whether each name is one of a few; a list would be hashed anew for each batch."""
    is_found = names == some[0]
    for name in some[1:]:
        is_found |= names == name
    return is_found


def _is_of(articles: pl.DataFrame, lines: pl.DataFrame) -> pl.Series:
    known = articles["article_row"].to_numpy()
    owners = lines["article_row"].fill_null(0).to_numpy()
    places = np.searchsorted(known, owners)
    is_known = np.append(known.astype(np.int64), -1)[places] == owners
    return pl.Series(is_known) & lines["article_row"].is_not_null()


def _neighbours(values: pl.Series, is_other: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The values before and after each, null at the ends of their articles."""
    nothing = pl.Series([None], dtype=pl.String)
    before = values[:-1].set(is_other, None)
    after = values[1:].set(is_other, None)
    if values.is_empty():
        return before, after
    return pl.concat([nothing, before]), pl.concat([after, nothing])


def _holds(rows: Offsets, is_kind: pl.Series) -> Flags:
    """Whether the article of each line has a line of a kind."""
    return np.isin(rows, rows[is_kind.to_numpy()])


def _is_past(rows: Offsets, is_title: Flags) -> Flags:
    """Whether each line is the title of its article, or behind it."""
    firsts = np.flatnonzero(np.append(True, rows[1:] != rows[:-1])[: len(rows)])
    titles = np.cumsum(is_title)
    earlier = np.append(0, titles)[firsts]
    is_past: Flags = titles > np.repeat(earlier, np.diff(np.append(firsts, len(rows))))
    return is_past
