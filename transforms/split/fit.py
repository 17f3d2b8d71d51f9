"""The splitter's weights, fitted from digests whose boundaries are known.

The same documents in the same order give the same weights.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import treelite
from sklearn.ensemble import HistGradientBoostingClassifier

from transforms.split.best_path_kernels import INSIDE, OUTSIDE, START
from transforms.split.features.announcements import find_announcements
from transforms.split.features.document_style import LineStyle
from transforms.split.features.line_features import (
    compute_line_features,
    compute_topic_features,
)
from transforms.split.lines.filled_lines import (
    FilledLines,
    Integers,
    Numbers,
    scan_filled_lines,
)
from transforms.split.scored_lines import logistic
from transforms.split.split import (
    HEAD_LINES,
    number_articles,
    place_in_article,
)
from transforms.split.trees import GIVE_UP_LOG_ODDS, Trees, log_odds, stack_features
from transforms.text.buffers import TextBuffer, buffer_documents
from transforms.text.lines import find_lines

States = npt.NDArray[np.int8]

_MIN_TITLE_CHARS: Final = 4
_FOLDS: Final = 2
_BINS: Final = 255
_CERTAIN_LOG_ODDS: Final = 36.0  # as near to 0 or 1 as a float comes
_INSIDE_STEP: Final = 4  # of the plentiful inner lines, every fourth is fitted on
# Trees and learning rate. The first guess is asked of every line: few, steep trees.
_ROUNDS: Final = {
    "start_local": (64, 0.17),
    "outer_local": (40, 0.17),
    "start_style": (260, 0.07),
    "outer_style": (130, 0.08),
    "title": (60, 0.15),
}


@dataclass(frozen=True)
class LabelledLines:
    """Filled lines with what gold says of each: 0 outside, 1 start, 2 inside."""

    buffer: TextBuffer
    filled: FilledLines
    features: dict[str, Numbers]
    states: States
    is_title: npt.NDArray[np.bool_]


def label_lines(
    lines: pl.DataFrame, filled: FilledLines, gold: pl.DataFrame
) -> tuple[States, npt.NDArray[np.bool_]]:
    """States and titles of filled lines by gold spans.

    Args:
        lines: Contract LINES.
        filled: Their filled lines.
        gold: One row per article: document_row, char_start, char_end, title; in order.
    """
    placed = (
        lines[filled.line_rows]
        .select(
            "document_row",
            pl.col("char_start").alias("line_start"),
            # A span may begin after a byte order mark, within its first line.
            (pl.col("char_end") - 1).alias("char_start"),
            "text",
        )
        .join_asof(
            gold.select(
                "document_row",
                "char_start",
                pl.col("char_start").alias("begin"),
                "char_end",
                "title",
            ).sort("document_row", "char_start"),
            on="char_start",
            by="document_row",
            check_sortedness=False,
        )
    )
    found = placed.with_columns(
        pl.col("begin").shift(1).over("document_row").alias("previous"),
        (pl.col("line_start") < pl.col("char_end"))
        .fill_null(value=False)
        .alias("held"),
    ).with_columns(
        (pl.col("held") & (pl.col("begin") != pl.col("previous").fill_null(-1))).alias(
            "starts"
        )
    )
    text = pl.col("text").str.strip_chars(" \t\ufeff")
    titles = found.select(
        pl.col("held")
        & (text.str.len_chars() >= _MIN_TITLE_CHARS)
        & (
            (text == pl.col("title"))
            | text.str.ends_with(pl.col("title"))
            | (
                pl.col("title").str.contains(text, literal=True)
                & (text.str.len_chars() * 3 > pl.col("title").str.len_chars())
            )
        )
    ).to_series()
    states = found.select(
        pl.when("starts").then(1).when("held").then(2).otherwise(0).cast(pl.Int8)
    ).to_series()
    return states.to_numpy(), titles.fill_null(value=False).to_numpy()


def read_labelled(documents: pl.DataFrame, gold: pl.DataFrame) -> LabelledLines:
    """Features and labels of all documents."""
    buffer: TextBuffer = buffer_documents(documents)
    lines = find_lines(buffer)
    filled = scan_filled_lines(buffer, lines)
    states, is_title = label_lines(lines, filled, gold)
    features = compute_line_features(buffer, filled, find_announcements(filled))
    return LabelledLines(buffer, filled, features, states, is_title)


def _fit(
    name: str,
    features: dict[str, Numbers],
    rows: Integers,
    hits: npt.NDArray[np.bool_],
    weights: Numbers,
) -> Trees:
    if hits[rows].all() or not hits[rows].any():
        return _constant_trees(is_hit=bool(hits[rows].any()))
    names = tuple(sorted(features))
    rounds, learning_rate = _ROUNDS[name]
    booster = HistGradientBoostingClassifier(
        learning_rate=learning_rate,
        max_iter=rounds,
        max_leaf_nodes=24,
        min_samples_leaf=20,
        l2_regularization=4.0,
        # A fifth of the features per split: no single sign may carry a boundary alone.
        max_features=0.2,
        early_stopping=False,
        random_state=20220106,
    )
    table = np.stack([_coarsen(row) for row in stack_features(features, names, rows)])
    booster.fit(table.T, hits[rows], sample_weight=weights[rows])
    return _as_trees(booster, names)


def _coarsen(values: Numbers) -> Numbers:
    """Values on a grid of as many quantiles as the booster has bins.

    It would look for weighted quantiles itself, one by one, which took four fifths of
    the time of a fit.
    """
    if len(np.unique(values)) <= _BINS:
        return values
    shares = np.linspace(0, 1, _BINS)
    grid = np.unique(np.quantile(values, shares, method="inverted_cdf"))
    return np.asarray(grid[np.searchsorted(grid, values)], dtype=np.float32)


def _constant_trees(*, is_hit: bool) -> Trees:
    """One leaf, for a gold in which all lines are alike."""
    none, zero = np.zeros(1, dtype=np.int32), np.zeros(1, dtype=np.float32)
    baseline = _CERTAIN_LOG_ODDS if is_hit else -_CERTAIN_LOG_ODDS
    return Trees((), none - np.int32(1), zero, none, zero, none, baseline)


def _as_trees(booster: HistGradientBoostingClassifier, names: tuple[str, ...]) -> Trees:
    """The fitted trees as arrays, without the features that none of them reads.

    By treelite, because scikit-learn has no public way to them.
    """
    model = treelite.sklearn.import_model(booster)
    parts: list[dict[str, npt.NDArray[Any]]] = []
    roots, offset = [], 0
    for number in range(model.num_tree):
        parts.append(_number_nodes(model.get_tree_accessor(number), offset))
        roots.append(offset)
        offset += len(parts[-1]["features"])
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    used = np.unique(whole["features"][whole["features"] >= 0])
    column = np.full(len(names) + 1, -1)
    column[used] = np.arange(len(used))
    baselines = np.asarray(model.get_header_accessor().get_field("base_scores"))
    return Trees(
        names=tuple(names[feature] for feature in used),
        features=column[whole["features"]].astype(np.int32),
        thresholds=whole["thresholds"],
        lefts=whole["lefts"],
        values=whole["values"],
        roots=np.array(roots, dtype=np.int32),
        baseline=float(baselines[0]),
    )


def _number_nodes(
    tree: treelite.model.TreeAccessor, offset: int
) -> dict[str, npt.NDArray[Any]]:
    """Node arrays of one tree, numbered so that a right child follows its left one."""
    lefts, rights = tree.get_field("cleft"), tree.get_field("cright")
    is_leaf = lefts < 0
    order, queue = [0], [0]
    while queue:
        node = queue.pop()
        if not is_leaf[node]:
            children = [int(lefts[node]), int(rights[node])]
            order += children
            queue += children
    place = np.empty(len(lefts), dtype=np.int64)
    place[order] = np.arange(len(lefts))
    values = tree.get_field("leaf_value").copy()
    counts = tree.get_field("data_count")
    for node in reversed(order):
        if not is_leaf[node]:
            sides = [lefts[node], rights[node]]
            values[node] = np.average(values[sides], weights=counts[sides])
    # The largest float32 not above the threshold sorts float32 values as it does.
    exact = tree.get_field("threshold")
    thresholds = exact.astype(np.float32)
    above = thresholds.astype(np.float64) > exact
    thresholds[above] = np.nextafter(thresholds[above], np.float32(-np.inf))
    return {
        "features": np.where(is_leaf, -1, tree.get_field("split_index"))[order],
        "thresholds": np.where(is_leaf, 0, thresholds)[order].astype(np.float32),
        "lefts": np.where(is_leaf, 0, place[lefts] + offset)[order].astype(np.int32),
        "values": values[order].astype(np.float32),
    }


def _thin(labelled: LabelledLines, weights: Numbers) -> tuple[Integers, Numbers]:
    """Fewer inner lines, each with the weight of those left out.

    Lines next to a boundary, the hardest ones, all stay.

    Returns:
        Places among the candidate lines, and the weights of all candidate lines.
    """
    edges = np.ones(5)
    near = np.convolve(labelled.states != INSIDE, edges, mode="same") > 0
    near = near[labelled.filled.candidate_rows]
    keep = near | (np.arange(len(near)) % _INSIDE_STEP == 0)
    weights = np.where(near, weights, weights * _INSIDE_STEP).astype(np.float32)
    return np.flatnonzero(keep), weights


def _guess_out_of_fold(
    labelled: LabelledLines, states: States, rows: Integers, weights: Numbers
) -> dict[str, Numbers]:
    """First guesses for the candidate lines of each document by models unfit on it."""
    folds = labelled.filled.documents[labelled.filled.candidate_rows] % _FOLDS
    guesses = {}
    for name, state in (("start_local", START), ("outer_local", OUTSIDE)):
        guess = np.zeros(len(states), dtype=np.float32)
        for fold in range(_FOLDS):
            inner = rows[folds[rows] != fold]
            trees = _fit(name, labelled.features, inner, states == state, weights)
            others = np.flatnonzero(folds == fold)
            guess[others] = logistic(log_odds(trees, labelled.features, others))
        guesses[name] = guess
    return guesses


def fit_splitter(documents: pl.DataFrame, gold: pl.DataFrame) -> dict[str, Trees]:
    """Fit all ensembles of the splitter.

    Args:
        documents: `document_row` from 0 in order, `text`, and optionally `weight`.
        gold: One row per article: document_row, char_start, char_end, title.
    """
    labelled = read_labelled(documents, gold)
    filled, candidates = labelled.filled, labelled.filled.candidate_rows
    states = labelled.states[candidates]
    weights = np.ones(len(documents), dtype=np.float32)
    if "weight" in documents.columns:
        weights = documents["weight"].to_numpy().astype(np.float32)
    rows, weights = _thin(labelled, weights[filled.documents[candidates]])
    models = {
        name: _fit(name, labelled.features, rows, states == state, weights)
        for name, state in (("start_local", START), ("outer_local", OUTSIDE))
    }
    guesses = _guess_out_of_fold(labelled, states, rows, weights)
    first, second = guesses["start_local"], guesses["outer_local"]
    floor = logistic(np.array(GIVE_UP_LOG_ODDS))
    asked = np.flatnonzero(first > floor)
    features = (
        labelled.features
        | compute_topic_features(labelled.buffer, filled, asked)
        | LineStyle(filled).describe(first, second)
    )
    # Only these lines are looked at again.
    hopeful = np.maximum(first, second) > floor
    again = rows[hopeful[rows]]
    for name, state in (("start_style", START), ("outer_style", OUTSIDE)):
        models[name] = _fit(name, features, again, states == state, weights)
    articles = number_articles(labelled.states)
    place = place_in_article(articles)[candidates]
    heads = np.flatnonzero((articles[candidates] >= 0) & (place < HEAD_LINES))
    models["title"] = _fit(
        "title",
        features | {"place": place},
        heads,
        labelled.is_title[candidates],
        weights,
    )
    return models
