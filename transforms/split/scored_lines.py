"""Lines with what both models give them, and the state of each on the best path."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.split.best_path_kernels import INSIDE, OUTSIDE, PathLines, find_path
from transforms.split.features.announcements import (
    Announcements,
    find_announcements,
    find_titles_in_order,
)
from transforms.split.features.counters import find_counters
from transforms.split.features.document_style import LineStyle
from transforms.split.features.line_features import (
    compute_line_features,
    compute_topic_features,
)
from transforms.split.features.surroundings import (
    find_block_heads,
    find_closing_fields,
)
from transforms.split.lines.filled_lines import (
    FilledLines,
    Flags,
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
_MOST_HEAD_WORDS: Final = 7  # of a line between a title and its source
_MIN_WHOLE_WORDS: Final = 9  # of a line that may be an article by itself
_PARAGRAPH_CHARS: Final = 240
_MAX_TITLE_CHARS: Final = 120
_FEWEST_WORDS: Final = 5  # of a document that holds an article
_HEAD_LINES: Final = 9  # in which an announced title stands
_ANNOUNCED_LOG_ODDS: Final = 3.0
# That an article starts between two that follow each other in a list of titles.
_BETWEEN_LOG_ODDS: Final = -3.0
_BEHIND_LOG_ODDS: Final = -2.0  # behind the last one of a list that was found
_LEAST_OF_LIST: Final = 0.25  # of its titles, or it is none
_MOST_OF_LIST: Final = 0.7  # of its titles: what it announces is what there is
_LIKELY_SHARE: Final = 0.1  # of the likelihood of the likeliest title of an article
_HOPELESS_LOG_ODDS: Final = -4.0  # of a line that starts nothing, though announced
_COUNTER_LOG_ODDS: Final = 6.0  # of a line that counts the articles of an export
_LISTED_LOG_ODDS: Final = 3.0  # that a text within a list of titles is in no article
_SURE_LOG_ODDS: Final = 4.5  # of a line that is not scored again


@dataclass(frozen=True)
class AnnouncedHeads:
    """Where the articles begin that lists of titles announce, in their order.

    Attributes:
        rows: Of the first lines.
        tellers: Rows of the entries that announce them.
        steps: Of the entries, as in `Announcements`.
        trust: 1, or 2 where most of the list is found.
        is_last: Whether the list, of which most is found, announces no other behind.
    """

    rows: Integers
    tellers: Integers
    steps: Integers
    trust: Integers
    is_last: Flags

    @property
    def log_odds(self) -> npt.NDArray[np.float64]:
        """What the lists add to those of each."""
        return np.asarray(_ANNOUNCED_LOG_ODDS * self.trust)


@dataclass(frozen=True)
class ScoredLines:
    """Lines with the log-odds of both models, and what is behind them.

    Attributes:
        filled: The lines.
        features: By name, one value per candidate line.
        start: Per line: log-odds that it starts an article.
        outer: Per line: log-odds that it belongs to no article.
        heads: Where the articles begin that lists of titles announce.
    """

    filled: FilledLines
    features: dict[str, Numbers]
    start: npt.NDArray[np.float64]
    outer: npt.NDArray[np.float64]
    heads: AnnouncedHeads


def logistic(values: npt.NDArray[np.float64]) -> Numbers:
    """Log-odds as numbers from 0 to 1."""
    return (1 / (1 + np.exp(-np.clip(values, -30, 30)))).astype(np.float32)


def score_lines(
    buffer: TextBuffer, lines: pl.DataFrame, models: dict[str, Trees]
) -> ScoredLines:
    """Score every line of a batch, first by itself, then by its document's style."""
    filled = scan_filled_lines(buffer, lines)
    announced = find_announcements(filled)
    features = compute_line_features(buffer, filled, announced)
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
    scores[0, find_closing_fields(filled)] = _NO_START_LOG_ODDS
    scores[0, find_counters(buffer, filled)] += _COUNTER_LOG_ODDS
    heads = _find_heads(filled, announced, scores[0])
    _heed_lists(scores, filled, announced, heads)
    return ScoredLines(filled, features, scores[0], scores[1], heads)


def _find_heads(
    filled: FilledLines, announced: Announcements, start: npt.NDArray[np.float64]
) -> AnnouncedHeads:
    """Where the articles begin that a list of titles announces.

    Args:
        filled: The lines.
        announced: What lists announce.
        start: Per line: log-odds that it starts an article.
    """
    titles = np.flatnonzero(announced.listed > 0)
    heads = _climb(filled, titles, start)
    weights = np.zeros(len(start))
    weights[titles] = np.where(
        start[heads] > _HOPELESS_LOG_ODDS, logistic(start[heads]), 0
    )
    titles = find_titles_in_order(announced, weights)
    titles = _keep_one_per_article(filled, titles[weights[titles] > 0], weights)
    tellers = announced.tellers[titles]
    found = np.bincount(announced.lists[tellers], weights[titles], len(start))
    inner = np.flatnonzero(announced.is_within)
    own = np.bincount(announced.lists[inner], logistic(start[inner]), len(start))
    is_list = (found > own) & (found >= _LEAST_OF_LIST * announced.sizes)
    is_heeded = is_list[announced.lists[tellers]]
    titles, tellers = titles[is_heeded], tellers[is_heeded]
    lists = announced.lists[tellers]
    is_found = (
        np.bincount(lists, minlength=len(start))[lists]
        >= _MOST_OF_LIST * announced.sizes[tellers]
    )
    last_steps = np.zeros(len(start), dtype=np.int64)
    np.maximum.at(last_steps, announced.lists, announced.steps)
    return AnnouncedHeads(
        rows=_climb(filled, titles, start),
        tellers=tellers,
        steps=announced.steps[tellers],
        trust=np.where(is_found, 2, 1),
        is_last=is_found & (announced.steps[tellers] == last_steps[lists]),
    )


def _climb(
    filled: FilledLines, titles: Integers, start: npt.NDArray[np.float64]
) -> Integers:
    """The likeliest first line of the article of each title.

    A date or a publisher may stand above it, in lines without a gap or below a wider
    one; where none of these is likely, anywhere in its block. The title before stands
    above all of them.
    """
    gap = filled.counts["gap_before"]
    top = np.maximum(find_block_heads(filled)[titles], np.append(-1, titles[:-1]) + 1)
    best, likeliest = titles.copy(), titles.copy()
    is_joined = np.ones(len(titles), dtype=bool)
    for by in range(1, _HEAD_LINES):
        rows = np.maximum(titles - by, 0)
        is_of_block = rows >= top
        is_better = is_of_block & (start[rows] > start[likeliest])
        likeliest = np.where(is_better, rows, likeliest)
        is_joined &= gap[rows + 1] == 0
        is_of_head = is_of_block & (is_joined | (gap[rows] > gap[titles]))
        best = np.where(is_of_head & (start[rows] > start[best]), rows, best)
    return np.where(start[best] > _HOPELESS_LOG_ODDS, best, likeliest)


def _keep_one_per_article(
    filled: FilledLines, titles: Integers, weights: npt.NDArray[np.float64]
) -> Integers:
    """The first likely one of the titles that no text stands between."""
    if not len(titles):
        return titles
    texts = np.cumsum(filled.counts["words"] > _MOST_HEAD_WORDS)
    is_parted = np.append(True, texts[titles[1:] - 1] > texts[titles[:-1]])
    articles, firsts = np.cumsum(is_parted), np.flatnonzero(is_parted)
    heaviest = np.maximum.reduceat(weights[titles], firsts)
    heaviest = np.repeat(heaviest, np.diff(np.append(firsts, len(titles))))
    likely = np.flatnonzero(weights[titles] >= _LIKELY_SHARE * heaviest)
    _, first = np.unique(articles[likely], return_index=True)
    return titles[likely[first]]


def _heed_lists(
    scores: npt.NDArray[np.float64],
    filled: FilledLines,
    announced: Announcements,
    heads: AnnouncedHeads,
) -> None:
    """No article starts in a list of titles, nor between two that it announces.

    Args:
        scores: Log-odds per line, that it starts an article and that it belongs to
            none; changed.
        filled: The lines.
        announced: What lists announce.
        heads: Where announced articles begin.
    """
    if not len(heads.rows):
        return
    start, outer = scores
    is_listed = np.isin(announced.lists, announced.lists[heads.tellers])
    start[is_listed] = _NO_START_LOG_ODDS
    outer[is_listed & ~filled.is_candidate] = _LISTED_LOG_ODDS
    documents = filled.documents[heads.rows]
    is_followed = np.append(np.diff(documents) == 0, False)
    follows = is_followed & (np.append(np.diff(heads.steps), 0) == 1)
    against = np.where(heads.is_last, _BEHIND_LOG_ODDS, 0.0)
    against[follows] = _BETWEEN_LOG_ODDS * heads.trust[follows]
    ends = filled.bounds[np.searchsorted(filled.bounds, heads.rows, side="right")]
    ends[is_followed] = heads.rows[1:][is_followed[:-1]]
    edges = np.zeros(len(start) + 1)
    np.add.at(edges, heads.rows + 1, against)
    np.add.at(edges, ends, -against)
    start += np.cumsum(edges)[:-1]
    start[heads.rows] += heads.log_odds


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
    # A long paragraph is one, too, whose last sign is that of a link or a quote.
    is_whole |= counts["chars"] > _PARAGRAPH_CHARS
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
