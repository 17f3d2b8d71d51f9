"""Rows of the table `path_outcome`: what became of each path that a run found."""

from typing import Final

import polars as pl

from transforms.contracts import PathOutcome

PATH_OUTCOMES: Final = {
    "path": pl.String(),
    "document_id": pl.String(),
    "outcome": pl.String(),
    "reason_code": pl.String(),
    "copy_of": pl.String(),
}


def build_path_outcome(
    arrivals: pl.DataFrame,
    rejects: pl.DataFrame,
    *,
    known: pl.Series,
    settled: pl.Series,
) -> pl.DataFrame:
    """One row per path, those of equal bytes with the outcome of the first of them.

    Args:
        arrivals: `document_id`, `file_name`, `path` of all files whose bytes were read.
        rejects: Contract REJECTS; those of a part of a document play no role.
        known: `document_id` of documents that the warehouse holds as they are.
        settled: Of those whose held row a person closed.

    Returns:
        PATH_OUTCOMES, by path.

    Example:
        >>> from transforms.contracts import REJECTS
        >>> arrivals = pl.DataFrame(
        ...     {"document_id": ["1", "1"], "file_name": "x", "path": ["b/x", "a/x"]}
        ... )
        >>> none = pl.Series([], dtype=pl.String)
        >>> rejects = pl.DataFrame(schema=REJECTS)
        >>> build_path_outcome(arrivals, rejects, known=none, settled=none).rows()
        [('a/x', '1', 'loaded', None, None), ('b/x', '1', 'copy', None, 'a/x')]
    """
    whole = rejects.filter(pl.col("char_start").is_null())
    reasons = (
        whole.drop_nulls("document_id")
        .unique("document_id", keep="first", maintain_order=True)
        .select("document_id", "reason_code")
    )
    first = pl.col("path").first().over("document_id")
    outcome = (
        pl.when(pl.col("document_id").is_in(known.implode()))
        .then(pl.lit(PathOutcome.KNOWN.value))
        .when(pl.col("document_id").is_in(settled.implode()))
        .then(pl.lit(PathOutcome.SETTLED.value))
        .when(pl.col("reason_code").is_not_null())
        .then(pl.lit(PathOutcome.HELD_BACK.value))
        .when(pl.col("path") != first)
        .then(pl.lit(PathOutcome.COPY.value))
        .otherwise(pl.lit(PathOutcome.LOADED.value))
    )
    is_alone = pl.col("outcome").is_in(
        [PathOutcome.KNOWN.value, PathOutcome.SETTLED.value]
    )
    hashed = (
        arrivals.sort("document_id", "file_name", "path")
        .join(reasons, on="document_id", how="left", maintain_order="left")
        .with_columns(
            outcome=outcome, copy_of=pl.when(pl.col("path") != first).then(first)
        )
        .with_columns(
            reason_code=pl.when(~is_alone).then("reason_code"),
            copy_of=pl.when(~is_alone).then("copy_of"),
        )
    )
    # Not by path: two that differ may be shown alike.
    unread = whole.filter(pl.col("document_id").is_null()).with_columns(
        outcome=pl.lit(PathOutcome.HELD_BACK.value), copy_of=pl.lit(None, pl.String)
    )
    return pl.concat(
        [frame.select(list(PATH_OUTCOMES)) for frame in (hashed, unread)]
    ).sort("path")
