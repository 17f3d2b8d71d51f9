"""Our own questions to a published warehouse, read-only: `sql/reports/<name>.sql`.

What a user types goes through `warehouse.queries` instead, which guards it.
"""

from importlib.resources import files
from pathlib import Path

import duckdb
import polars as pl

from transforms.errors import WarehouseUnusableError


def read_report(path: Path, name: str, **parameters: object) -> pl.DataFrame:
    """Rows of one of our own reports.

    Args:
        path: The warehouse.
        name: File name in `sql/reports`, without its ending.
        parameters: Named as in the SQL.

    Raises:
        WarehouseUnusableError: No file, not a warehouse, or not readable.
    """
    if not path.is_file():
        raise WarehouseUnusableError(str(path), "no warehouse there yet: newsmill run")
    question = files("warehouse").joinpath("sql", "reports", f"{name}.sql")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            # As a relation with parameters, DuckDB would convert value by value.
            answer = connection.execute(question.read_text("utf-8"), parameters)
            rows = pl.from_arrow(answer.to_arrow_table())
    except duckdb.Error as error:
        raise WarehouseUnusableError(
            str(path), f"not a warehouse that can be read: {str(error).splitlines()[0]}"
        ) from error
    assert isinstance(rows, pl.DataFrame)
    return rows
