"""Every table of a published warehouse as Parquet, with a manifest."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb

from warehouse.database.connection import literal
from warehouse.database.failures import explained
from warehouse.database.scripts import read_script
from warehouse.open_reader import open_current
from warehouse.read.formats import Format, render
from warehouse.read.outputs import MADE_BY, MANIFEST, Outputs
from warehouse.read.tables import Table, group_by_bytes, list_tables

# What can be had again from one's own files, by their SHA-256 and the offsets.
_TEXT_TABLES: Final = frozenset({"article_text"})
_TEXT_COLUMNS: Final = frozenset(
    {
        "dim_document.text",
        "fact_evidence.exact",
        "fact_mention.exact",
        "fact_quantity.exact",
        "fact_occurrence.title_gaps",
        "fact_occurrence.body_gaps",
    }
)
# How the texts are kept is the warehouse's own business: these show them as a whole.
# Documents are shown whole, and sums are those of this one file.
# The index of `search` can be made again.
_KEPT_APART: Final = frozenset(
    {
        "document",
        "document_segment",
        "published_table",
        "search_article",
        "search_posting",
    }
)
_SHOWN: Final = ("article_text", "dim_document")
_SIZES: Final = "SELECT document_key, byte_size FROM ops.document ORDER BY document_key"


def export_tables(path: Path, to: Path, *, with_text: bool) -> dict[str, Any]:
    """Write each table to a folder that appears only when all of it is there.

    Args:
        path: The warehouse.
        to: A folder that does not exist, is empty, or holds an earlier export, of
            which what its manifest lists is replaced; other files in it stay.
        with_text: Without it, bodies, documents, and quotes stay behind; keys, spans,
            and titles go along.

    Returns:
        The manifest, as written to `manifest.json`: rows, columns, and SHA-256 of
        every file.

    Raises:
        UsageError: The folder holds something else, or a file of the name of a table.
        WarehouseUnusableError: Missing, not ours, or damaged.
    """
    outputs = Outputs(path)
    outputs.require_folder(to)
    with (
        explained(path),
        open_current(path) as connection,
        outputs.folder(to) as partial,
    ):
        manifest = {
            "made_by": MADE_BY,
            "warehouse": path.name,
            "with_text": with_text,
            "tables": [
                _export(connection, table, partial, with_text=with_text)
                for table in list_tables(connection, _SHOWN)
                if table.name not in _KEPT_APART
                and (with_text or table.name not in _TEXT_TABLES)
            ],
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False)
        (partial / MANIFEST).write_text(text + "\n", "utf-8")
    return manifest


def export_claims(outputs: Outputs, to: Path) -> int:
    """Write all counted claims as CSV, formulas of a spreadsheet made inert.

    Args:
        outputs: Whose warehouse is read, and what may be written over.
        to: A new file, which appears when it is whole.

    Returns:
        How many there are.

    Raises:
        UsageError: The name is taken.
        WarehouseUnusableError: Missing, not ours, or damaged.
    """
    outputs.require_file(to)
    count = 0
    with (
        explained(outputs.warehouse),
        open_current(outputs.warehouse) as connection,
        outputs.file(to) as partial,
        partial.open("w", encoding="utf-8", newline="") as file,
    ):
        rows = connection.execute(read_script("reports", "export_claims"))
        names = [name for name, *_ in rows.description or ()]

        def counted() -> Iterator[tuple[Any, ...]]:
            nonlocal count
            while row := rows.fetchone():
                count += 1
                yield row

        file.writelines(render(Format.CSV, names, counted()))
    return count


def _export(
    connection: duckdb.DuckDBPyConnection, table: Table, to: Path, *, with_text: bool
) -> dict[str, Any]:
    columns = [
        (name, kind)
        for name, kind in table.columns
        if with_text or f"{table.name}.{name}" not in _TEXT_COLUMNS
    ]
    target = to / f"{table.name}.parquet"
    listed = ", ".join(f'"{name}"' for name, _ in columns)
    select = f"SELECT {listed} FROM {table.quoted}"  # noqa: S608  from the catalogue
    if table.name == "dim_document" and with_text:
        row_count = _copy_documents(connection, select, target)
    else:
        rows = connection.execute(
            f"COPY ({select}) TO {literal(target)} (FORMAT parquet, COMPRESSION zstd)"
        ).fetchone()
        row_count = rows[0] if rows else 0
    with target.open("rb") as written:
        sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    return {
        "schema": table.schema,
        "name": table.name,
        "file": target.name,
        "rows": row_count,
        "bytes": target.stat().st_size,
        "sha256": sha256,
        "columns": [{"name": name, "type": kind} for name, kind in columns],
    }


def _copy_documents(
    connection: duckdb.DuckDBPyConnection, select: str, target: Path
) -> int:
    """Write documents group by group: all at once, they would fill the memory."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def ask(low: int, high: int) -> pa.Table:
        return connection.execute(
            f"{select} WHERE document_key BETWEEN $low AND $high ORDER BY document_key",
            {"low": low, "high": high},
        ).to_arrow_table()

    sizes = connection.execute(_SIZES).fetchall()
    row_count = 0
    with pq.ParquetWriter(target, ask(1, 0).schema, compression="zstd") as writer:
        for low, high in group_by_bytes(sizes):
            rows = ask(low, high)
            writer.write_table(rows)
            row_count += rows.num_rows
    return row_count
