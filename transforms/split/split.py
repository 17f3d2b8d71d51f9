"""Articles of a digest: where each begins and ends, and what stands between them.

Every line is scored twice, by itself and beside the other likely boundaries of its
document; then one path over the whole document decides. What the lines say of source,
author or date is read later, by `transforms.extract_metadata.extract_metadata`.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.contracts import HELD_SPANS, ReasonCode
from transforms.split.best_path_kernels import OUTSIDE, START
from transforms.split.frames import Roles, assign_roles, frame_articles, frame_lines
from transforms.split.lines.filled_lines import (
    Integers,
    Numbers,
    has_kind,
    kind_mask,
)
from transforms.split.scored_lines import ScoredLines, logistic
from transforms.split.sections import Section, score_sections
from transforms.split.trees import (
    Trees,
    log_odds,
    shipped_models,
)
from transforms.text.buffers import TextBuffer, buffer_documents
from transforms.text.lines import find_lines

_MIN_LINES_TO_CUT: Final = 20_000
_NO_TITLE_KINDS: Final = ("source", "end_mark", "terminator", "word_count")
HEAD_LINES: Final = 9  # in which a title may stand


@dataclass(frozen=True)
class SplitResult:
    """What a batch of documents falls into; together it is every character.

    Attributes:
        buffer: The batch's text.
        lines: Contract SPLIT_LINES; a line of a quarantined article has no article.
        articles: Contract SPLIT_ARTICLES, in document order.
        quarantined: Contract HELD_SPANS: articles that a held span touches.
        empty_documents: Rows of documents with text in which no article was found.
    """

    buffer: TextBuffer
    lines: pl.DataFrame
    articles: pl.DataFrame
    quarantined: pl.DataFrame
    empty_documents: pl.Series


def number_articles(states: npt.NDArray[np.int8]) -> Integers:
    """Article of every filled line, from 0 in document order; -1 outside."""
    return np.where(states == OUTSIDE, -1, np.cumsum(states == START) - 1)


def _choose_titles(
    scored: ScoredLines, articles: Integers, models: dict[str, Trees]
) -> npt.NDArray[np.bool_]:
    """Lines that are the title of their article: the likeliest of its first lines."""
    candidates = scored.filled.candidate_rows
    place = place_in_article(articles)[candidates]
    is_title = (articles[candidates] >= 0) & (place < HEAD_LINES)
    # A paragraph with a heading of its own is text; a source names no article.
    is_sentence = scored.features["ends_sentence"] > 0
    is_title &= (scored.features["run_in"] == 0) | ~is_sentence
    is_title &= ~has_kind(scored.filled.kinds[candidates], kind_mask(_NO_TITLE_KINDS))
    chosen = np.flatnonzero(is_title)
    rows = candidates[chosen]
    odds = np.full(len(articles), -30.0)
    features = scored.features | {"place": place}
    odds[rows] = log_odds(models["title"], features, chosen)
    titles = np.zeros(len(articles), dtype=bool)
    if not len(rows):
        return titles
    firsts = np.flatnonzero(np.diff(articles[rows], prepend=-1))
    best = np.maximum.reduceat(odds[rows], firsts)
    is_best = odds[rows] == np.repeat(best, np.diff(np.append(firsts, len(rows))))
    hits = rows[is_best]
    _, unique = np.unique(articles[hits], return_index=True)
    titles[hits[unique]] = True
    follows = np.flatnonzero(titles[:-1]) + 1
    goes_on = (odds[follows] > 0) & (scored.filled.counts["gap_before"][follows] == 0)
    titles[follows[goes_on & (articles[follows] == articles[follows - 1])]] = True
    return titles


def place_in_article(articles: Integers) -> Numbers:
    """Filled lines between a line and the first of its article."""
    rows = np.arange(len(articles))
    is_first = np.diff(articles, prepend=-2) != 0
    first = np.maximum.accumulate(np.where(is_first, rows, 0))
    return (rows - first).astype(np.float32)


def _find_touched(
    articles: pl.DataFrame, held_spans: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Articles that no held span touches, and the others with their first reason."""
    if held_spans.is_empty():
        return articles, held_spans
    touched = (
        articles.join(held_spans, on="document_row", suffix="_held")
        .filter(
            (pl.col("char_start_held") < pl.col("char_end"))
            & (pl.col("char_end_held") > pl.col("char_start"))
        )
        .sort("article_row", "char_start_held", "char_end_held")
        .unique("article_row", keep="first", maintain_order=True)
    )
    free = articles.join(touched, on="article_row", how="anti", maintain_order="left")
    return free, touched


@dataclass(frozen=True)
class _SplitPart:
    """What was decided for the lines of some documents."""

    line_count: int
    line_rows: Integers  # of the filled lines, within the part
    documents: Integers  # rows of the documents that hold text
    articles: Integers
    roles: Roles
    scores: Numbers  # one per article


def _cut_between_documents(lines: pl.DataFrame) -> list[pl.DataFrame]:
    """Two parts of about the same size, or one where a second thread gains nothing."""
    if len(lines) < _MIN_LINES_TO_CUT or pl.thread_pool_size() == 1:
        return [lines]
    documents, ends = lines["document_row"], lines["byte_end"]
    middle = ends.search_sorted(ends[-1] // 2)
    place = int(documents.search_sorted(documents[middle]))
    return [part for part in (lines[:place], lines[place:]) if len(part)]


def _split_part(
    buffer: TextBuffer, lines: pl.DataFrame, models: dict[str, Trees]
) -> list[_SplitPart]:
    return [
        _decide(section, models) for section in score_sections(buffer, lines, models)
    ]


def _decide(section: Section, models: dict[str, Trees]) -> _SplitPart:
    scored, states, count = section.scored, section.states, section.count
    articles = number_articles(states)
    titles = _choose_titles(scored, articles, models)
    line_rows = scored.filled.line_rows[:count]
    return _SplitPart(
        line_count=len(section.lines),
        line_rows=line_rows,
        documents=np.unique(section.lines["document_row"].to_numpy()[line_rows]),
        articles=articles[:count],
        roles=assign_roles(scored.filled, articles, titles)[:count],
        scores=logistic(scored.start[states == START]),
    )


def _join_parts(
    buffer: TextBuffer,
    lines: pl.DataFrame,
    read: list[_SplitPart],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines and articles of all parts, numbered through."""
    line_offsets = np.cumsum([0, *(part.line_count for part in read[:-1])])
    article_offsets = np.cumsum([0, *(len(part.scores) for part in read[:-1])])
    line_rows = np.concatenate(
        [
            part.line_rows + offset
            for part, offset in zip(read, line_offsets, strict=True)
        ]
    )
    articles = np.concatenate(
        [
            np.where(part.articles < 0, -1, part.articles + offset)
            for part, offset in zip(read, article_offsets, strict=True)
        ]
    )
    roles = np.concatenate([part.roles for part in read])
    framed = frame_lines(lines, line_rows, articles, roles)
    scores = np.concatenate([part.scores for part in read])
    return framed, frame_articles(framed, buffer.data, scores)


def split(
    documents: pl.DataFrame,
    held_spans: pl.DataFrame,
    models: dict[str, Trees] | None = None,
) -> SplitResult:
    """Split digests into articles.

    Args:
        documents: Contract DOCUMENTS; only `document_row` and `text` are read. Rows
            are numbered from 0, in order.
        held_spans: Contract HELD_SPANS; articles that they touch are set aside.
        models: Other weights than the shipped ones.

    Returns:
        Lines, articles and set-aside articles. Articles are numbered from 0 over those
        that are kept.
    """
    models = models or shipped_models()
    buffer = buffer_documents(documents)
    lines = find_lines(buffer)
    parts = _cut_between_documents(lines)
    first, *others = parts
    with ThreadPoolExecutor(1) as thread:  # started for a second part alone
        rest = [thread.submit(_split_part, buffer, part, models) for part in others]
        read = _split_part(buffer, first, models)
        read += [part for parts in rest for part in parts.result()]
    framed, found = _join_parts(buffer, lines, read)
    free, touched = _find_touched(found, held_spans)
    framed, articles = _renumber(framed, free, touched)
    filled = np.unique(np.concatenate([part.documents for part in read]))
    with_articles = np.unique(found["document_row"].to_numpy())
    return SplitResult(
        buffer=buffer,
        lines=framed,
        articles=articles,
        quarantined=touched.select(HELD_SPANS.keys()),
        empty_documents=pl.Series(
            "document_row", np.setdiff1d(filled, with_articles), dtype=pl.UInt32
        ),
    )


def _renumber(
    lines: pl.DataFrame, free: pl.DataFrame, touched: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Close the gaps that set-aside articles leave in the numbering of a batch."""
    if touched.is_empty():
        return lines, free
    numbers = free.select("article_row").with_row_index("number")
    lines = (
        lines.join(numbers, on="article_row", how="left", maintain_order="left")
        .drop("article_row")
        .rename({"number": "article_row"})
    )
    articles = free.with_columns(
        pl.int_range(pl.len()).cast(pl.UInt32).alias("article_row"),
        (pl.int_range(pl.len()).over("document_row") + 1)
        .cast(pl.UInt32)
        .alias("ordinal"),
    )
    return lines.select(*lines.columns[:-2], "article_row", "role"), articles


def report_empty(result: SplitResult, documents: pl.DataFrame) -> pl.DataFrame:
    """Held spans (contract HELD_SPANS) for documents in which no article was found."""
    return (
        documents.filter(pl.col("document_row").is_in(result.empty_documents.implode()))
        .select(
            "document_row",
            pl.lit(0, dtype=pl.Int64).alias("char_start"),
            pl.col("text").str.len_chars().cast(pl.Int64).alias("char_end"),
            pl.lit(ReasonCode.NO_ARTICLES.value).alias("reason_code"),
            pl.lit("no line looks like the start of an article").alias("detail"),
        )
        .select(HELD_SPANS.keys())
    )
