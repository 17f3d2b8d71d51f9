"""A table as CSV that is inert in a spreadsheet, column by column.

The same text as `warehouse.read.formats` writes row by row for a query, for tables of
any length.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa

from transforms.text.inert import csv_text
from warehouse.database.scripts import quoted_name
from warehouse.read.formats import is_key
from warehouse.read.tables import Column

# Texts that `csv_text` may change: they begin with a sign, or hold one that is seldom.
_SUSPECT: Final = (
    r"^ *[^\p{L}\p{N} ]"
    r"|[^\p{L}\p{N}_ -~\n\u{2010}-\u{2027}\u{2030}-\u{205e}]"
)
_NESTED: Final = ("STRUCT", "MAP")


def select_for_csv(columns: Iterable[Column]) -> str:
    """What to select so that every column is a number, a time, or a text.

    Keys become text, lists become JSON.
    """
    return ", ".join(_as_cell(column.name, column.kind) for column in columns)


def _as_cell(name: str, kind: str) -> str:
    quoted = quoted_name(name)
    if kind.endswith("]") or kind.startswith(_NESTED):
        return f"to_json({quoted})::VARCHAR AS {quoted}"
    return f"{quoted}::VARCHAR AS {quoted}" if is_key(name) else quoted


def write_csv(batches: Iterable[pa.RecordBatch], names: Sequence[str], to: Path) -> int:
    """Write rows as they come; texts are quoted, NULL is an empty cell without quotes.

    Args:
        batches: Of columns that `select_for_csv` selects.
        names: Of the columns.
        to: A new file.

    Returns:
        How many rows were written.
    """
    row_count = 0
    with to.open("wb") as file:
        head = pl.DataFrame(schema=dict.fromkeys(map(csv_text, names), pl.String))
        head.write_csv(file, quote_style="non_numeric")
        for batch in batches:
            if not batch.num_rows:
                continue
            rows = pl.DataFrame(batch)
            row_count += len(rows)
            inert_texts(rows).write_csv(
                file,
                include_header=False,
                quote_style="non_numeric",
                datetime_format="%Y-%m-%d %H:%M:%S%.f",
            )
    return row_count


def inert_texts(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows, `csv_text` made of every text."""
    return rows.with_columns(
        _inert(rows[name]) for name in rows.columns if rows[name].dtype == pl.String
    )


def _inert(texts: pl.Series) -> pl.Series:
    suspects = texts.str.contains(_SUSPECT).fill_null(value=False).arg_true()
    if not len(suspects):
        return texts
    mended = pl.Series([csv_text(text) for text in texts.gather(suspects)])
    return texts.scatter(suspects, mended)
