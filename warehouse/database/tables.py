"""The tables of a warehouse, as its catalogue lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

_COLUMNS: Final = """
    SELECT schema_name, table_name, list((column_name, data_type) ORDER BY column_index)
    FROM duckdb_columns()
    WHERE
        database_name = current_database()
        AND NOT internal
        AND schema_name IN ('main', 'quality', 'ops')
        AND (
            (schema_name, table_name) IN (
                SELECT (schema_name, table_name) FROM duckdb_tables()
            )
            OR list_contains($views, table_name)
        )
    GROUP BY schema_name, table_name
    ORDER BY schema_name, table_name
"""


@dataclass(frozen=True)
class Table:
    """One table; columns are name and type, in order."""

    schema: str
    name: str
    columns: list[tuple[str, str]]

    @property
    def quoted(self) -> str:
        """Name for SQL."""
        return f'"{self.schema}"."{self.name}"'


def list_tables(
    connection: duckdb.DuckDBPyConnection, views: Sequence[str] = ()
) -> list[Table]:
    """Tables of the schemas main, quality, and ops, in name order.

    Args:
        connection: To the warehouse.
        views: Names of views to list among them.
    """
    rows = connection.execute(_COLUMNS, {"views": list(views)}).fetchall()
    return [Table(*row) for row in rows]
