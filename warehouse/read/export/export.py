"""Every table of a published warehouse as Parquet or CSV, and what describes them."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from warehouse.database.failures import explained
from warehouse.database.scripts import quoted_name, quoted_value, read_script
from warehouse.open_reader import open_current
from warehouse.read.export.csv_file import select_for_csv, write_csv
from warehouse.read.export.datapackage import (
    DATAPACKAGE,
    ExportedFile,
    describe_package,
)
from warehouse.read.formats import Format, render
from warehouse.read.outputs import MADE_BY, MANIFEST, Outputs
from warehouse.read.tables import Table, group_by_bytes, list_tables

if TYPE_CHECKING:
    import pyarrow as pa

# What can be had again from one's own files, by their SHA-256 and the offsets.
_TEXT_TABLES: Final = frozenset({"article_text"})
_TEXT_COLUMNS: Final = frozenset(
    {
        "article.body",
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
_SHOWN: Final = ("article", "article_text", "dim_document")
# Views of texts: the side that is read is to be that of the texts, whatever the sizes.
_READ_IN_ORDER: Final = "SET disabled_optimizers = 'build_side_probe_side'"
_ROWS_AT_A_TIME: Final = 8_192
_SIZES: Final = "SELECT document_key, byte_size FROM ops.document ORDER BY document_key"


def export_tables(
    path: Path, to: Path, *, with_text: bool, form: Format = Format.PARQUET
) -> dict[str, Any]:
    """Write each table, and the view `article`, to a folder that appears when complete.

    Beside them are `manifest.json`, what was written, and `datapackage.json`, what it
    means.

    Args:
        path: The warehouse.
        to: A folder that does not exist, is empty, or holds an earlier export, of
            which what its manifest lists is replaced; other files in it stay.
        with_text: Without it, bodies, documents, and quotes stay behind; keys, spans,
            and titles go along.
        form: Parquet or CSV.

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
        connection.execute(_READ_IN_ORDER)
        files = [
            _export(connection, table, partial, form)
            for table in _tables(connection, with_text=with_text)
        ]
        manifest = {
            "made_by": MADE_BY,
            "warehouse": path.name,
            "with_text": with_text,
            "datapackage": DATAPACKAGE,
            "tables": [_listed(file) for file in files],
        }
        _write_json(partial / MANIFEST, manifest)
        _write_json(partial / DATAPACKAGE, describe_package(files, form))
    return manifest


def _tables(connection: duckdb.DuckDBPyConnection, *, with_text: bool) -> list[Table]:
    """What is exported, with the columns that are."""
    return [
        replace(
            table,
            columns=[
                column
                for column in table.columns
                if with_text or f"{table.name}.{column.name}" not in _TEXT_COLUMNS
            ],
        )
        for table in list_tables(connection, _SHOWN)
        if table.name not in _KEPT_APART
        and (with_text or table.name not in _TEXT_TABLES)
    ]


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _listed(file: ExportedFile) -> dict[str, Any]:
    return {
        "schema": file.table.schema,
        "name": file.table.name,
        "file": file.name,
        "rows": file.rows,
        "bytes": file.size,
        "sha256": file.sha256,
        "columns": [
            {"name": column.name, "type": column.kind} for column in file.table.columns
        ],
    }


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
    connection: duckdb.DuckDBPyConnection, table: Table, to: Path, form: Format
) -> ExportedFile:
    target = to / f"{table.name}.{form.value}"
    names = [column.name for column in table.columns]
    if form is Format.CSV:
        select = f"SELECT {select_for_csv(table.columns)} FROM {table.quoted}"  # noqa: S608  from the catalogue
        batches = _batches(connection, table, select)
        row_count = write_csv(batches, names, target)
    else:
        listed = ", ".join(map(quoted_name, names))
        select = f"SELECT {listed} FROM {table.quoted}"  # noqa: S608  from the catalogue
        row_count = _write_parquet(connection, table, select, target)
    with target.open("rb") as written:
        sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    return ExportedFile(table, target.name, row_count, target.stat().st_size, sha256)


def _write_parquet(
    connection: duckdb.DuckDBPyConnection, table: Table, select: str, target: Path
) -> int:
    if not _is_in_groups(table):
        rows = connection.execute(
            f"COPY ({select}) TO {quoted_value(target)} "
            "(FORMAT parquet, COMPRESSION zstd)"
        ).fetchone()
        return rows[0] if rows else 0
    import pyarrow.parquet as pq

    row_count = 0
    empty = connection.execute(f"{select} LIMIT 0").to_arrow_table()
    with pq.ParquetWriter(target, empty.schema, compression="zstd") as writer:
        for batch in _batches(connection, table, select):
            writer.write_batch(batch)
            row_count += batch.num_rows
    return row_count


def _is_in_groups(table: Table) -> bool:
    """Documents, whose texts would fill the memory if they were read at once."""
    return table.name == "dim_document" and any(
        column.name == "text" for column in table.columns
    )


def _batches(
    connection: duckdb.DuckDBPyConnection, table: Table, select: str
) -> "Iterator[pa.RecordBatch]":
    if not _is_in_groups(table):
        yield from connection.execute(select).to_arrow_reader(_ROWS_AT_A_TIME)
        return
    for low, high in group_by_bytes(connection.execute(_SIZES).fetchall()):
        rows = connection.execute(
            f"{select} WHERE document_key BETWEEN $low AND $high ORDER BY document_key",
            {"low": low, "high": high},
        ).to_arrow_table()
        yield from rows.to_batches()
