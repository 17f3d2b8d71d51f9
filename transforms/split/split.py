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
from transforms.split.best_path_kernels import OUTSIDE, START, find_path
from transforms.split.features.document_style import LineStyle
from transforms.split.features.line_features import (
    compute_line_features,
    compute_topic_features,
)
from transforms.split.frames import Roles, assign_roles, frame_articles, frame_lines
from transforms.split.lines.filled_lines import (
    FilledLines,
    Integers,
    Numbers,
    repeat_per_line,
    scan_filled_lines,
)
from transforms.split.trees import (
    GIVE_UP_LOG_ODDS,
    Trees,
    log_odds,
    log_odds_of_each,
    shipped_models,
)
from transforms.text.buffers import TextBuffer, buffer_documents
from transforms.text.lines import find_lines

# Of lines that are no candidates: too long, or too deep in a paragraph.
_NO_START_LOG_ODDS: Final = -9.0
_NO_OUTER_LOG_ODDS: Final = -7.0
_MIN_TEXT_WORDS: Final = 5
_MAX_TITLE_CHARS: Final = 120
_FEWEST_WORDS: Final = 5  # of a document that holds an article
_MIN_LINES_TO_CUT: Final = 20_000
_SURE_LOG_ODDS: Final = 4.5  # of a line that is not scored again
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


@dataclass(frozen=True)
class ScoredLines:
    """Lines with the log-odds of both models, and the features behind them."""

    filled: FilledLines
    features: dict[str, Numbers]
    start: npt.NDArray[np.float64]
    outer: npt.NDArray[np.float64]


def logistic(values: npt.NDArray[np.float64]) -> Numbers:
    """Log-odds as numbers from 0 to 1."""
    return (1 / (1 + np.exp(-np.clip(values, -30, 30)))).astype(np.float32)


def score_lines(
    buffer: TextBuffer, lines: pl.DataFrame, models: dict[str, Trees]
) -> ScoredLines:
    """Score every line of a batch, first by itself, then by its document's style."""
    filled = scan_filled_lines(buffer, lines)
    features = compute_line_features(buffer, filled)
    first_pass = [models["start_local"], models["outer_local"]]
    rows = np.arange(len(filled.candidate_rows))
    start, outer = log_odds_of_each(first_pass, features, rows)
    # Its document does not turn a line that is far from a boundary into one.
    likely = np.flatnonzero((start > GIVE_UP_LOG_ODDS) | (outer > GIVE_UP_LOG_ODDS))
    features |= compute_topic_features(
        buffer, filled, np.flatnonzero(start > GIVE_UP_LOG_ODDS)
    )
    style = LineStyle(filled)
    features |= style.describe(logistic(start), logistic(outer))
    second_pass = [models["start_style"], models["outer_style"]]
    start[likely], outer[likely] = log_odds_of_each(second_pass, features, likely)
    # Once more with the better guesses; of the two, each alone is too sure of itself.
    features |= style.describe(logistic(start), logistic(outer))
    is_unsure = np.abs(np.stack([start[likely], outer[likely]])) < _SURE_LOG_ODDS
    unsure = likely[is_unsure.any(axis=0)]
    again = log_odds_of_each(second_pass, features, unsure)
    start[unsure] = (start[unsure] + again[0]) / 2
    outer[unsure] = (outer[unsure] + again[1]) / 2
    # A rule or an ornament is no title.
    start[filled.counts["words"][filled.candidate_rows] == 0] = _NO_START_LOG_ODDS
    scores = np.full(
        (2, len(filled.documents)), [[_NO_START_LOG_ODDS], [_NO_OUTER_LOG_ODDS]]
    )
    scores[0, filled.candidate_rows] = start
    scores[1, filled.candidate_rows] = outer
    return ScoredLines(filled, features, scores[0], scores[1])


def find_states(scored: ScoredLines) -> npt.NDArray[np.int8]:
    """State of every filled line: OUTSIDE, START, or INSIDE."""
    counts = scored.filled.counts
    is_text = (
        (counts["long_lower"] >= _MIN_TEXT_WORDS)
        | ((counts["ends_sentence"] == 1) & (counts["words"] > _MIN_TEXT_WORDS))
        | (counts["chars"] > _MAX_TITLE_CHARS)
    )
    bounds = scored.filled.bounds
    states = find_path(scored.start, scored.outer, is_text, bounds)
    if len(states):
        words = np.add.reduceat(counts["words"], bounds[:-1])
        states[repeat_per_line(words < _FEWEST_WORDS, bounds)] = OUTSIDE
    return states


def number_articles(states: npt.NDArray[np.int8]) -> Integers:
    """Article of every filled line, from 0 in document order; -1 outside."""
    return np.where(states == OUTSIDE, -1, np.cumsum(states == START) - 1)


def _choose_titles(
    scored: ScoredLines, articles: Integers, models: dict[str, Trees]
) -> npt.NDArray[np.bool_]:
    """Lines that are the title of their article: the likeliest of its first lines."""
    candidates = scored.filled.candidate_rows
    place = place_in_article(articles)[candidates]
    chosen = np.flatnonzero((articles[candidates] >= 0) & (place < HEAD_LINES))
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
) -> _SplitPart:
    scored = score_lines(buffer, lines, models)
    states = find_states(scored)
    articles = number_articles(states)
    titles = _choose_titles(scored, articles, models)
    return _SplitPart(
        line_rows=scored.filled.line_rows,
        documents=np.unique(scored.filled.documents),
        articles=articles,
        roles=assign_roles(scored.filled, articles, titles),
        scores=logistic(scored.start[states == START]),
    )


def _join_parts(
    buffer: TextBuffer,
    lines: pl.DataFrame,
    parts: list[pl.DataFrame],
    read: list[_SplitPart],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines and articles of all parts, numbered through."""
    line_offsets = np.cumsum([0, *(len(part) for part in parts[:-1])])
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
        read = [_split_part(buffer, first, models), *(part.result() for part in rest)]
    framed, found = _join_parts(buffer, lines, parts, read)
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
