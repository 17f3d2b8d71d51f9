"""A batch's tables as Parquet files, whole or not at all."""

import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from warehouse.staging.sealed_folder import sealed_folder
from warehouse.staging.write_failures import frames_written

logger = logging.getLogger(__name__)

PART_TABLES: Final = (
    "dim_source",
    "dim_author",
    "dim_place",
    "dim_actor",
    "dim_date",
    "dim_category",
    "dim_classifier",
    "dim_document",
    "document_segment",
    "fact_article",
    "bridge_article_author",
    "fact_occurrence",
    "fact_classification",
    "fact_evidence",
    "fact_mention",
    "fact_quantity",
    "article_signature",
    "quarantine",
)


def write_part(
    folder: Path,
    name: str,
    tables: Mapping[str, pl.DataFrame],
    batch_ids: Mapping[str, str] | None = None,
) -> Path:
    """Write one Parquet file per table into `folder/name`, all of them or none.

    Writing the same batch again changes nothing, so a repeated task is safe. The folder
    is sealed with the rows of each table.

    Args:
        folder: Of the run's parts; on one file system.
        name: Of the part; the same for the same documents.
        tables: What `build_star` gave, or some of it.
        batch_ids: Tables whose rows belong to another part than this one, and to
            which; so the pieces of a document are loaded together or not at all.

    Returns:
        The folder of the part.

    Raises:
        OutOfSpaceError: Disk, quota, or file size limit.
    """
    part = folder / name
    if part.exists():
        return part
    start = time.perf_counter()
    owners = batch_ids or {}
    assert set(tables) <= set(PART_TABLES)
    counts = {table: len(rows) for table, rows in tables.items()}
    # All at once: to start the engine for a small table takes longer than to write it.
    with sealed_folder(part, rows=counts) as partial, frames_written():
        pl.collect_all(
            rows.lazy()
            .with_columns(pl.lit(owners.get(table, name)).alias("batch_id"))
            .sink_parquet(partial / f"{table}.parquet", compression="lz4", lazy=True)
            for table, rows in tables.items()
        )
    logger.info(
        "Wrote part %s: %d rows in %d tables (%.2f s)",
        name,
        sum(counts.values()),
        len(counts),
        time.perf_counter() - start,
    )
    return part
