"""Rows of the table `quarantine`: what was held back, where, and why."""

from typing import Final

import polars as pl

from transforms.contracts import PASSING_REASONS, REJECTS
from transforms.keys import key_from_sha256, surrogate_keys

_ROWS: Final = {
    "quarantine_key": pl.Int64(),
    "document_key": pl.Int64(),
    "path": pl.String(),
    "char_start": pl.Int64(),
    "char_end": pl.Int64(),
    "stage": pl.String(),
    "reason_code": pl.String(),
    "detail": pl.String(),
    "status": pl.String(),
}


def build_quarantine(
    rejects: pl.DataFrame, documents: pl.DataFrame | None = None
) -> pl.DataFrame:
    """One row per file or span held back; the same one again has the same key.

    Args:
        rejects: Contract REJECTS.
        documents: Those that are loaded with `document_id`; a file that never became
            one of them gets the unknown document.
    """
    if rejects.is_empty():
        return pl.DataFrame(schema=_ROWS)
    loaded = [] if documents is None else documents["document_id"].to_list()
    document_ids = rejects.select(
        pl.when(pl.col("document_id").is_in(loaded)).then("document_id")
    )["document_id"]
    place = pl.format(
        "{} {} {} {} {}",
        pl.coalesce("document_id", "path").fill_null(""),
        pl.col("char_start").cast(pl.String).fill_null(""),
        pl.col("char_end").cast(pl.String).fill_null(""),
        "stage",
        "reason_code",
    )
    natural_keys = rejects.select(place.alias("place"))["place"]
    return rejects.select(
        surrogate_keys(natural_keys).alias("quarantine_key"),
        key_from_sha256(document_ids).alias("document_key"),
        "path",
        "char_start",
        "char_end",
        "stage",
        "reason_code",
        "detail",
        pl.lit("open").alias("status"),
    ).unique("quarantine_key", keep="first", maintain_order=True)


def find_held_documents(documents: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Documents that are held back as a whole already, so that nobody reads them again.

    What only kept them from being read for a moment is not held against them.

    Args:
        documents: `document_id` and `path`, one row per document.
        held: Rows of the table `quarantine`, of files that never became a document.

    Returns:
        Contract REJECTS, and `status` as a person or a later run left it.
    """
    nowhere = pl.lit(None, pl.Int64)
    kinds = (
        held.filter(~pl.col("reason_code").is_in(list(PASSING_REASONS)))
        .select("stage", "reason_code")
        .unique()
    )
    tried = (
        documents.select("document_id", "path")
        .join(kinds, how="cross")
        .with_columns(
            char_start=nowhere, char_end=nowhere, detail=pl.lit(None, pl.String)
        )
    )
    return (
        tried.drop("detail")
        .with_columns(build_quarantine(tried)["quarantine_key"])
        .join(held.select("quarantine_key", "detail", "status"), on="quarantine_key")
        .select(*REJECTS, "status")
    )
