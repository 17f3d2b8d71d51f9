"""Articles that came out other than gold says, each at its place in its file."""

from typing import Final

import polars as pl

from transforms.evaluate.evaluate import fields_of, plain

_CONTEXT_CHARS: Final = 120


def list_failures(
    matched: pl.DataFrame, documents: pl.DataFrame, limit: int = 20
) -> pl.DataFrame:
    """What went wrong, with the text on both sides of where it did.

    Args:
        matched: From `match_articles`.
        documents: file, text.
        limit: Rows at most. The kinds of failure take turns, so that a frequent one
            hides no other.

    Returns:
        By file and place: file, char_start (where it went wrong), failure (missed,
        false, end, or the name of a field), expected, found, before, after. For `end`,
        the place is the earlier of the two ends.
    """
    failed = pl.concat([_boundaries(matched), *_fields(matched)])
    place = pl.col("char_start")
    before = (place - _CONTEXT_CHARS).clip(0)
    return (
        failed.sort("file", "char_start")
        .with_columns(turn=pl.int_range(pl.len()).over("failure"))
        .sort("turn", maintain_order=True)
        .head(limit)
        .sort("file", "char_start")
        .join(documents.select("file", "text"), on="file", maintain_order="left")
        .select(
            *failed.columns,
            before=pl.col("text").str.slice(before, place - before),
            after=pl.col("text").str.slice(place, _CONTEXT_CHARS),
        )
    )


def _boundaries(matched: pl.DataFrame) -> pl.DataFrame:
    failure = (
        pl.when(~pl.col("is_predicted"))
        .then(pl.lit("missed"))
        .when(~pl.col("is_gold"))
        .then(pl.lit("false"))
        .otherwise(pl.lit("end"))
    )
    is_end = pl.col("is_predicted") & pl.col("is_gold")
    earlier = pl.min_horizontal("char_end", "predicted_char_end")
    return matched.filter(~pl.col("is_exact")).select(
        "file",
        char_start=pl.when(is_end).then(earlier).otherwise("char_start"),
        failure=failure,
        expected=_said(is_end, "char_end", "title", matched),
        found=_said(is_end, "predicted_char_end", "predicted_title", matched),
    )


def _said(is_end: pl.Expr, end: str, title: str, matched: pl.DataFrame) -> pl.Expr:
    """A side's end where only that differs, else its title."""
    other = pl.col(title) if title in matched.columns else pl.lit(None)
    said = pl.format("end at {}", end)
    return pl.when(is_end).then(said).otherwise(other.cast(pl.String))


def _fields(matched: pl.DataFrame) -> list[pl.DataFrame]:
    return [
        matched.filter(
            pl.col("is_found")
            & pl.col(name).is_not_null()
            & plain(pl.col(name)).ne_missing(plain(pl.col(f"predicted_{name}")))
        ).select(
            "file",
            "char_start",
            failure=pl.lit(name),
            expected=pl.col(name).cast(pl.String),
            found=pl.col(f"predicted_{name}").cast(pl.String),
        )
        for name in fields_of(matched)
    ]
