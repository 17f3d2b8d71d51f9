"""Lines with what both models give them, and the state of each on the best path."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.split.best_path_kernels import INSIDE, OUTSIDE, PathLines, find_path
from transforms.split.features.document_style import LineStyle
from transforms.split.features.line_features import (
    compute_line_features,
    compute_topic_features,
)
from transforms.split.features.surroundings import FEWEST_LISTED
from transforms.split.lines.filled_lines import (
    FilledLines,
    Integers,
    Numbers,
    has_kind,
    kind_mask,
    repeat_per_line,
    scan_filled_lines,
)
from transforms.split.trees import GIVE_UP_LOG_ODDS, Trees, log_odds_of_each
from transforms.text.buffers import TextBuffer

# Of lines that are no candidates: too long, or too deep in a paragraph.
_NO_START_LOG_ODDS: Final = -9.0
_NO_OUTER_LOG_ODDS: Final = -7.0
_MIN_TEXT_WORDS: Final = 5
_MIN_WHOLE_WORDS: Final = 9  # of a line that may be an article by itself
_MAX_TITLE_CHARS: Final = 120
_FEWEST_WORDS: Final = 5  # of a document that holds an article
_HEAD_LINES: Final = 6  # in which an announced title stands
ANNOUNCED_LOG_ODDS: Final = 3.0
_LISTED_LOG_ODDS: Final = 3.0  # that a text within a list of titles is in no article
_SURE_LOG_ODDS: Final = 4.5  # of a line that is not scored again


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
    _heed_lists(start, features)
    # A rule or an ornament is no title.
    start[filled.counts["words"][filled.candidate_rows] == 0] = _NO_START_LOG_ODDS
    scores = np.full(
        (2, len(filled.documents)), [[_NO_START_LOG_ODDS], [_NO_OUTER_LOG_ODDS]]
    )
    scores[0, filled.candidate_rows] = start
    scores[1, filled.candidate_rows] = outer
    scores[1, _find_listed_text(filled, features["list_goes_on"])] = _LISTED_LOG_ODDS
    return ScoredLines(filled, features, scores[0], scores[1])


def find_announced_heads(
    start: npt.NDArray[np.float64], features: dict[str, Numbers]
) -> tuple[Integers, Integers]:
    """Where the articles begin that a list of titles announces, and their titles.

    The likeliest of the lines from the head of its block to an announced title, for a
    date or a publisher may stand above it.

    Args:
        start: Per candidate line: log-odds that it starts an article.
        features: From `announcement_traits` and `block_traits`.

    Returns:
        Places among the candidate lines: of the first lines, and of the titles.
    """
    titles = np.flatnonzero(
        (features["announced"] >= FEWEST_LISTED) & (features["announced_in_order"] > 0)
    )
    best = titles.copy()
    for by in range(1, _HEAD_LINES):
        rows = np.maximum(titles - by, 0)
        is_better = (features["block_place"][titles] >= by) & (
            start[rows] > start[best]
        )
        best = np.where(is_better, rows, best)
    return best, titles


def _heed_lists(start: npt.NDArray[np.float64], features: dict[str, Numbers]) -> None:
    """No article starts within a list of titles; what it announces likely starts one.

    Args:
        start: Per candidate line: log-odds that it starts an article; changed.
        features: From `announcement_traits` and `block_traits`.
    """
    start[features["list_goes_on"] > 0] = _NO_START_LOG_ODDS
    start[np.unique(find_announced_heads(start, features)[0])] += ANNOUNCED_LOG_ODDS


def _find_listed_text(filled: FilledLines, list_goes_on: Numbers) -> Integers:
    """Rows within lists of titles that are no candidate lines."""
    candidates = filled.candidate_rows
    rows = np.flatnonzero(~filled.is_candidate)
    if not len(candidates):
        return rows[:0]
    place = np.searchsorted(candidates, rows) - 1
    last = np.minimum(place + 1, len(candidates) - 1)
    is_within = (list_goes_on[place] > 0) & (list_goes_on[last] > 0)
    documents = filled.documents
    is_within &= documents[candidates[place]] == documents[rows]
    is_within &= documents[candidates[last]] == documents[rows]
    return rows[is_within & (place >= 0)]


def find_states(scored: ScoredLines) -> npt.NDArray[np.int8]:
    """State of every filled line: OUTSIDE, START, or INSIDE."""
    counts = scored.filled.counts
    is_text = (
        (counts["long_lower"] >= _MIN_TEXT_WORDS)
        | ((counts["ends_sentence"] == 1) & (counts["words"] > _MIN_TEXT_WORDS))
        | (counts["chars"] > _MAX_TITLE_CHARS)
    )
    bounds = scored.filled.bounds
    is_whole = (counts["ends_sentence"] == 1) & (counts["words"] > _MIN_WHOLE_WORDS)
    is_last = has_kind(scored.filled.kinds, kind_mask(["terminator"]))
    lines = PathLines(scored.start, scored.outer, is_text, is_whole, is_last)
    states = find_path(lines, bounds)
    if len(states):
        words = np.add.reduceat(counts["words"], bounds[:-1])
        states[repeat_per_line(words < _FEWEST_WORDS, bounds)] = OUTSIDE
        states[_find_closing_rules(scored.filled, states)] = OUTSIDE
    return states


def _find_closing_rules(
    filled: FilledLines, states: npt.NDArray[np.int8]
) -> npt.NDArray[np.bool_]:
    """Rules at the end of articles, which part them from what follows."""
    is_end_mark = has_kind(filled.kinds, kind_mask(["end_mark"]))
    is_rule = (filled.counts["words"] == 0) & ~is_end_mark
    count = len(states)
    others = np.where(is_rule, count, np.arange(count))
    following = np.minimum.accumulate(others[::-1])[::-1]
    goes_on = np.append(states == INSIDE, False)[following]
    goes_on &= np.append(filled.documents, -1)[following] == filled.documents
    return np.asarray(is_rule & (states == INSIDE) & ~goes_on)
