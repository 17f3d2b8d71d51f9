"""Our own questions to a published warehouse, read-only: `sql/reports/<name>.sql`.

What a user types goes through `warehouse.queries` instead, which guards it.
"""

from importlib.resources import files
from pathlib import Path

import polars as pl

from warehouse.connection import explained, open_published


def read_report(path: Path, name: str, **parameters: object) -> pl.DataFrame:
    """Rows of one of our own reports.

    Args:
        path: The warehouse.
        name: File name in `sql/reports`, without its ending.
        parameters: Named as in the SQL.

    Raises:
        WarehouseUnusableError: No file, not a warehouse, or not readable.
        WarehouseBusyError: Another program has it open for writing.
    """
    question = files("warehouse").joinpath("sql", "reports", f"{name}.sql")
    with explained(path), open_published(path) as connection:
        # As a relation with parameters, DuckDB would convert value by value.
        answer = connection.execute(question.read_text("utf-8"), parameters)
        rows = pl.from_arrow(answer.to_arrow_table())
    assert isinstance(rows, pl.DataFrame)
    return rows
