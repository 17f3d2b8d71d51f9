"""Opening DuckDB files, and what their errors mean to the user."""

from pathlib import Path
from typing import Final

import duckdb

# A page of 16 KiB keeps a small warehouse small: 1 MB instead of 16.
BLOCK_BYTES: Final = 16_384
# The oldest that compresses long texts; clients from 1.2 on can read it.
STORAGE_VERSION: Final = "v1.2.0"
CATALOG: Final = "newsmill"


def create_file(path: Path) -> duckdb.DuckDBPyConnection:
    """Create a database file and stay connected to it.

    It is attached under a fixed name: one taken from the file's could be that of a
    schema, and DuckDB would then find every table name ambiguous.
    """
    connection = duckdb.connect(":memory:")
    connection.execute(
        f"ATTACH '{_quoted(path)}' AS {CATALOG} "
        f"(BLOCK_SIZE {BLOCK_BYTES}, STORAGE_VERSION '{STORAGE_VERSION}')"
    )
    connection.execute(f"USE {CATALOG}")
    return connection


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
