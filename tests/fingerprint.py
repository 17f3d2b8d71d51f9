"""What a warehouse says, as one hash per table: equal content, equal hashes."""

from pathlib import Path
from typing import Final

import duckdb

from warehouse.open_reader import open_published

# Runs and their clocks differ where the news do not; the rest of a row counts. The
# index of `search` numbers articles as they come.
_OF_RUNS: Final = frozenset(
    {
        "article_change",
        "dim_run",
        "fact_validation",
        "load_turn",
        "path_outcome",
        "published_table",
        "quarantine_event",
        "schema_migration",
        "search_article",
        "search_posting",
    }
)
_OF_ROWS: Final = frozenset({"run_key", "arrived_at"})


def fingerprint(path: Path) -> dict[str, str]:
    """Row count and hash of each of our tables, whatever the order of rows.

    Returns:
        `schema.table` to `<rows>:<hash>`; tables about runs are left out, and so are
        run keys and clocks in the others.

    Raises:
        WarehouseUnusableError: As for any reader.
    """
    with open_published(path) as connection:
        columns = connection.execute(
            "SELECT schema_name, table_name, list(column_name ORDER BY column_index) "
            "FROM duckdb_columns() WHERE database_name = current_database() "
            "AND NOT internal "
            "AND table_name IN (SELECT table_name FROM duckdb_tables()) "
            "GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        return {
            f"{schema}.{table}": _hash_rows(connection, schema, table, names)
            for schema, table, names in columns
            if table not in _OF_RUNS
        }


def _hash_rows(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, names: list[str]
) -> str:
    wanted = ", ".join(f'"{name}"' for name in names if name not in _OF_ROWS)
    # A sum of hashes is blind to the order of rows, not to how often one occurs.
    row = connection.execute(
        "SELECT count(*), sum(md5_number_lower(line::VARCHAR)::HUGEINT) "
        f'FROM (SELECT {wanted} FROM "{schema}"."{table}") AS line'
    ).fetchone()
    assert row is not None
    return f"{row[0]}:{row[1] or 0:x}"
