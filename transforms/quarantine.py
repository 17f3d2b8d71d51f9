"""Rows of the table `quarantine`: what was held back, where, and why."""

import polars as pl

from transforms.keys import key_from_sha256, surrogate_keys


def build_quarantine(
    rejects: pl.DataFrame, documents: pl.DataFrame | None = None
) -> pl.DataFrame:
    """One row per file or span held back; the same one again has the same key.

    Args:
        rejects: Contract REJECTS.
        documents: Those that are loaded with `document_id`; a file that never became
            one of them gets the unknown document.
    """
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
