"""Lines with what both models give them, and the state of each on the best path."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.split.best_path_kernels import OUTSIDE, find_path
from transforms.split.features.document_style import LineStyle
from transforms.split.features.line_features import (
    compute_line_features,
    compute_topic_features,
)
from transforms.split.lines.filled_lines import (
    FilledLines,
    Numbers,
    repeat_per_line,
    scan_filled_lines,
)
from transforms.split.trees import GIVE_UP_LOG_ODDS, Trees, log_odds_of_each
from transforms.text.buffers import TextBuffer

# Of lines that are no candidates: too long, or too deep in a paragraph.
_NO_START_LOG_ODDS: Final = -9.0
_NO_OUTER_LOG_ODDS: Final = -7.0
_MIN_TEXT_WORDS: Final = 5
_MAX_TITLE_CHARS: Final = 120
_FEWEST_WORDS: Final = 5  # of a document that holds an article
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
