"""What the warehouse holds already."""

from pathlib import Path
from typing import Final

import polars as pl

from warehouse.database.failures import explained
from warehouse.open_reader import open_published, warehouse_exists

_HELD: Final = {
    "quarantine_key": pl.Int64,
    "document_key": pl.Int64,
    "path": pl.String,
    "stage": pl.String,
    "reason_code": pl.String,
    "detail": pl.String,
    "status": pl.String,
}


def known_documents(path: Path) -> pl.DataFrame:
    """Documents of the published file; reading needs no lock.

    Returns:
        `document_id` (64 hex digits) and `transform_version`, no rows when there is no
        file yet.
    """
    if not warehouse_exists(path):
        return pl.DataFrame(
            schema={"document_id": pl.String, "transform_version": pl.String}
        )
    with explained(path), open_published(path) as connection:
        return connection.sql(
            "SELECT document_id, transform_version FROM main.dim_document "
            "WHERE document_key <> 0"
        ).pl()


def known_quarantine(path: Path) -> pl.DataFrame:
    """What the published file holds back already, so that the same is not news again.

    Returns:
        As `build_quarantine` makes them: `quarantine_key` and `document_key` (u64),
        `path`, `stage`, `reason_code`, `detail`, and `status`.
    """
    if not warehouse_exists(path):
        return pl.DataFrame(schema=_HELD)
    with explained(path), open_published(path) as connection:
        columns = ", ".join(_HELD)
        return connection.sql(f"SELECT {columns} FROM quality.quarantine").pl()  # noqa: S608
