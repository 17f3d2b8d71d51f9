"""Opening a published warehouse to read all of it, and the list of its tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from transforms.errors import WarehouseUnusableError

_COLUMNS: Final = """
    SELECT schema_name, table_name, list((column_name, data_type) ORDER BY column_index)
    FROM duckdb_columns()
    WHERE
        database_name = current_database()
        AND NOT internal
        AND (schema_name, table_name) IN (
            SELECT (schema_name, table_name)
            FROM duckdb_tables()
            WHERE schema_name IN ('main', 'quality', 'ops')
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


@contextmanager
def open_to_read(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to a warehouse of ours; a damaged block is found when it is read.

    Raises:
        WarehouseUnusableError: Missing, not ours, or damaged; also for what the block
            under `with` meets.
    """
    if not path.is_file():
        raise WarehouseUnusableError(str(path), "no warehouse there: newsmill run")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            if not any(table.quoted == _MARK for table in list_tables(connection)):
                raise WarehouseUnusableError(
                    str(path), "a DuckDB file, but not a warehouse of Newsmill"
                )
            yield connection
    except _DAMAGE as error:
        reason = str(error).partition("\n")[0]
        raise WarehouseUnusableError(str(path), f"damaged: {reason}") from error


_MARK: Final = '"ops"."schema_migration"'
_DAMAGE: Final = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
)


def list_tables(connection: duckdb.DuckDBPyConnection) -> list[Table]:
    """Tables of the schemas main, quality, and ops, in name order."""
    return [Table(*row) for row in connection.execute(_COLUMNS).fetchall()]
