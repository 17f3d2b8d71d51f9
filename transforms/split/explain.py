"""What spoke for and against each boundary, for people who wonder why."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.split.best_path_kernels import START
from transforms.split.feature_words import say_sign
from transforms.split.lines.filled_lines import Integers, Numbers
from transforms.split.scored_lines import (
    ScoredLines,
    find_states,
    score_lines,
)
from transforms.split.trees import Trees, contributions, shipped_models
from transforms.text.buffers import buffer_documents
from transforms.text.lines import find_lines

_REASONS: Final = 5
_GUESSES: Final = ("start_guess",)  # told by the signs of the first look


def explain_boundaries(
    documents: pl.DataFrame, models: dict[str, Trees] | None = None
) -> pl.DataFrame:
    """The signs that weighed most at the start of each article.

    The first look sees a line alone, the second beside the other likely boundaries of
    its document, and knows what the first one said.

    Args:
        documents: Contract DOCUMENTS; `document_row` and `text` are read.
        models: Other weights than the shipped ones.

    Returns:
        One row per article, look, and sign, strongest first within these:
        document_row, ordinal, char_start, title_line, boundary_score, look (alone, in
        company, announced), sign (in words), feature, value, contribution (log-odds;
        above 0 speaks for a boundary). What is announced has the line of the list, from
        1, as its value.
    """
    models = models or shipped_models()
    buffer = buffer_documents(documents)
    lines = find_lines(buffer)
    scored = score_lines(buffer, lines, models)
    rows = np.flatnonzero(find_states(scored) == START)
    starts = lines[scored.filled.line_rows[rows]].select(
        "document_row",
        (pl.int_range(pl.len()).over("document_row") + 1)
        .cast(pl.UInt32)
        .alias("ordinal"),
        pl.col("char_start") + pl.col("text").str.starts_with("\ufeff"),
        pl.col("text").str.strip_chars(" \t\ufeff").alias("title_line"),
        pl.Series("boundary_score", 1 / (1 + np.exp(-scored.start[rows]))),
    )
    candidates = np.searchsorted(scored.filled.candidate_rows, rows)
    looks = [
        _strongest(models[name], scored.features, candidates, look)
        for name, look in (("start_local", "alone"), ("start_style", "in company"))
    ]
    looks.append(_tell_announced(scored, rows, lines))
    signs = pl.concat(looks).sort("start", maintain_order=True)
    return pl.concat(
        [starts[signs["start"].to_list()], signs.drop("start")], how="horizontal"
    )


def _strongest(
    trees: Trees, features: dict[str, Numbers], rows: Integers, look: str
) -> pl.DataFrame:
    """The signs of one look, for each of the rows in order."""
    weights: npt.NDArray[np.float64] = contributions(trees, features, rows)
    told = np.isin(trees.names, _GUESSES)
    ranks = np.where(told, 0, -np.abs(weights))
    strongest = np.argsort(ranks, axis=1, kind="stable")[:, :_REASONS]
    start = np.repeat(np.arange(len(rows)), strongest.shape[1])
    column = strongest.ravel()
    values = [
        features[trees.names[feature]][rows[at]]
        for at, feature in zip(start, column, strict=True)
    ]
    names = [trees.names[feature] for feature in column]
    return pl.DataFrame(
        {
            "start": start,
            "look": look,
            "sign": [say_sign(name) for name in names],
            "feature": names,
            "value": np.array(values, dtype=np.float32),
            "contribution": weights[start, column],
        }
    )


def _tell_announced(
    scored: ScoredLines, rows: Integers, lines: pl.DataFrame
) -> pl.DataFrame:
    """Which line of a list announced each of the rows; none for the others.

    Args:
        scored: The lines with their scores.
        rows: Filled rows that start articles, ascending.
        lines: Contract LINES.
    """
    heads = scored.heads
    chosen = np.flatnonzero(np.isin(rows, heads.rows))
    places = np.searchsorted(heads.rows, rows[chosen])
    told = heads.tellers[places]
    numbers = lines.select(
        pl.int_range(1, pl.len() + 1).over("document_row")
    ).to_series()[scored.filled.line_rows[told]]
    return pl.DataFrame(
        {
            "start": chosen,
            "look": "announced",
            "sign": [f"announced in the list of contents, line {n}" for n in numbers],
            "feature": "announced",
            "value": numbers.cast(pl.Float32),
            "contribution": heads.log_odds[places],
        }
    )
