"""The splitter's decisions as frames: every line with its role, every article."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.contracts import SPLIT_ARTICLES, LineRole
from transforms.split.lines.filled_lines import (
    CLOSING_KINDS,
    FilledLines,
    Integers,
    kind_mask,
)
from transforms.text.character_class_kernels import MARK, find_marks

Roles = npt.NDArray[np.int8]

_ROLES: Final = tuple(LineRole)
(_TITLE, _HEADER, _BODY, _, _TRAILER, _BLANK, _SEPARATOR) = range(len(_ROLES))


def assign_roles(
    filled: FilledLines, articles: Integers, titles: npt.NDArray[np.bool_]
) -> Roles:
    """Role of every filled line; what stands before a title is its header.

    Args:
        filled: The lines.
        articles: Per line: its article, -1 outside.
        titles: Per line: whether it is (part of) its article's title.

    Returns:
        Per line: place of its role in LineRole.
    """
    is_closing = (filled.kinds & kind_mask(CLOSING_KINDS)) != 0
    rows = np.arange(len(articles))
    is_last = np.diff(articles, append=-2) != 0
    # A run of closing lines counts as trailer only where it reaches the article's end.
    last = np.minimum.accumulate(np.where(is_last, rows, len(rows))[::-1])[::-1]
    blocking = np.where(~is_closing | titles, rows, -1)
    last_text = np.maximum.accumulate(blocking)[last] if len(rows) else rows
    title_row = np.where(titles, rows, len(rows))
    next_title = np.minimum.accumulate(title_row[::-1])[::-1] if len(rows) else rows
    roles = np.full(len(articles), _BODY, dtype=np.int8)
    roles[rows > last_text] = _TRAILER
    roles[next_title <= last] = _HEADER
    roles[titles] = _TITLE
    roles[articles < 0] = _SEPARATOR
    return roles


def _fill_gaps(owner: Integers, line_rows: Integers) -> Integers:
    """Owners with the blank lines within an article given to it."""
    firsts, counts = line_rows, np.diff(line_rows, append=len(owner))
    before = np.repeat(owner[firsts], counts)
    after = np.append(owner[firsts[1:]], -1)
    is_within = np.repeat(owner[firsts] == after, counts)
    filled = np.where(is_within, before, -1)
    owner[firsts[0] :] = filled
    return owner


def frame_lines(
    lines: pl.DataFrame, line_rows: Integers, articles: Integers, roles: Roles
) -> pl.DataFrame:
    """Give blank lines within an article to it, and all others to no article.

    Args:
        lines: Contract LINES.
        line_rows: Rows of the filled lines.
        articles: Per filled line: its article, -1 outside.
        roles: Per filled line, from `assign_roles`.

    Returns:
        Contract SPLIT_LINES.
    """
    owner = np.full(len(lines), -1, dtype=np.int64)
    if len(line_rows):
        owner[line_rows] = articles
        owner = _fill_gaps(owner, line_rows)
        owner[line_rows] = articles
    codes = np.where(owner >= 0, _BLANK, _SEPARATOR).astype(np.uint32)
    codes[line_rows] = roles
    names = pl.Series("role", [role.value for role in _ROLES], dtype=pl.String)
    return lines.with_columns(
        pl.Series("article_row", owner).replace(-1, None).cast(pl.UInt32),
        names.gather(pl.Series(codes)),
    )


def frame_articles(
    lines: pl.DataFrame,
    data: npt.NDArray[np.uint8],
    scores: npt.NDArray[np.float32],
) -> pl.DataFrame:
    """One row per article, in order; a byte order mark stays before the first.

    Args:
        lines: Contract SPLIT_LINES.
        data: The batch's bytes.
        scores: Boundary score of each article.

    Returns:
        Contract SPLIT_ARTICLES.
    """
    owner = lines["article_row"].cast(pl.Int64).fill_null(-1).to_numpy()
    edges = np.flatnonzero(np.diff(owner, prepend=-2, append=-2))
    is_article = owner[edges[:-1]] >= 0
    firsts, lasts = edges[:-1][is_article], edges[1:][is_article] - 1
    begun, ended = lines[firsts], lines[lasts]
    documents = begun["document_row"].to_numpy()
    starts = begun["byte_start"].to_numpy()
    mark = find_marks(data, starts)
    rows = np.arange(len(firsts))
    is_first = np.diff(documents.astype(np.int64), prepend=-1) != 0
    ordinals = rows - np.maximum.accumulate(np.where(is_first, rows, 0)) + 1
    return pl.DataFrame(
        {
            "article_row": rows,
            "document_row": documents,
            "ordinal": ordinals,
            "first_line_row": begun["line_row"],
            "last_line_row": ended["line_row"],
            "byte_start": starts + len(MARK) * mark,
            "byte_end": ended["byte_end"],
            "char_start": begun["char_start"].to_numpy() + mark,
            "char_end": ended["char_end"],
            "boundary_score": scores,
        },
        schema=SPLIT_ARTICLES,
    )
