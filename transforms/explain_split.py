"""What spoke for and against each boundary, for people who wonder why."""

from typing import Final

import numpy as np
import polars as pl

from transforms.buffers import buffer_documents, find_lines
from transforms.split import decide, score_lines
from transforms.split_model import Trees, contributions, shipped_models
from transforms.split_path import START

_REASONS: Final = 6


def explain_boundaries(
    documents: pl.DataFrame, models: dict[str, Trees] | None = None
) -> pl.DataFrame:
    """The signs that weighed most at the start of each article.

    Args:
        documents: Contract DOCUMENTS; `document_row` and `text` are read.
        models: Other weights than the shipped ones.

    Returns:
        One row per article and sign, strongest first within the article: document_row,
        ordinal, char_start, title_line, boundary_score, feature, value, contribution
        (log-odds; above 0 speaks for a boundary). `before_` and `after_` name
        neighbouring lines by distance; `_rate` and `_share` compare with the other
        likely boundaries of the same document.
    """
    models = models or shipped_models()
    buffer = buffer_documents(documents)
    lines = find_lines(buffer)
    scored = score_lines(buffer, lines, models)
    rows = np.flatnonzero(decide(scored) == START)
    trees = models["start_style"]
    opened = np.searchsorted(scored.filled.open_rows, rows)
    weights = contributions(trees, scored.features, opened)
    strongest = np.argsort(-np.abs(weights), axis=1, kind="stable")[:, :_REASONS]
    article = np.repeat(np.arange(len(rows)), strongest.shape[1])
    column = strongest.ravel()
    names = np.array(trees.names)
    values = np.array(
        [
            scored.features[trees.names[feature]][opened[at]]
            for at, feature in zip(article, column, strict=True)
        ],
        dtype=np.float32,
    )
    starts = lines[scored.filled.line_rows[rows]].select(
        "document_row",
        (pl.int_range(pl.len()).over("document_row") + 1)
        .cast(pl.UInt32)
        .alias("ordinal"),
        pl.col("char_start") + pl.col("text").str.starts_with("\ufeff"),
        pl.col("text").str.strip_chars(" \t\ufeff").alias("title_line"),
        pl.Series("boundary_score", 1 / (1 + np.exp(-scored.start[rows]))),
    )
    return starts[article].with_columns(
        pl.Series("feature", names[column]),
        pl.Series("value", values),
        pl.Series("contribution", weights[article, column]),
    )
