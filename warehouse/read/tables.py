"""The tables of a warehouse, and their rows in groups whose texts fit in memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

GROUP_BYTES: Final = 16 << 20
_COLUMNS: Final = """
    SELECT
        schema_name,
        table_name,
        list(
            (column_name, data_type, coalesce(comment, ''), NOT is_nullable)
            ORDER BY column_index
        )
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
_COMMENTS: Final = """
    SELECT (schema_name, table_name), comment
    FROM duckdb_tables()
    WHERE database_name = current_database() AND comment IS NOT NULL
    UNION ALL
    SELECT (schema_name, view_name), comment
    FROM duckdb_views()
    WHERE database_name = current_database() AND comment IS NOT NULL
"""


@dataclass(frozen=True)
class Column:
    """One column: `kind` is its type in DuckDB, `comment` may be empty."""

    name: str
    kind: str
    comment: str = ""
    is_required: bool = False


@dataclass(frozen=True)
class Table:
    """One table or view; columns in order, `comment` may be empty."""

    schema: str
    name: str
    columns: list[Column]
    comment: str = ""

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
    comments = dict(connection.execute(_COMMENTS).fetchall())
    return [
        Table(
            schema,
            name,
            [Column(*column) for column in columns],
            comments.get((schema, name), ""),
        )
        for schema, name, columns in rows
    ]


def group_by_bytes(
    sizes: Iterable[tuple[int, int]], group_bytes: int = GROUP_BYTES
) -> Iterator[tuple[int, int]]:
    """Cut an ordered list of keys into groups whose texts fit in memory together.

    Args:
        sizes: Key and bytes of each document, ascending by key.
        group_bytes: A group holds more only if one document alone does.

    Returns:
        First and last key of each group.

    Example:
        >>> list(group_by_bytes([(1, 5), (2, 5), (7, 9), (8, 1)], 10))
        [(1, 2), (7, 8)]
    """
    group: list[int] = []
    held = 0
    for key, byte_size in sizes:
        if group and held + byte_size > group_bytes:
            yield group[0], group[-1]
            group, held = [], 0
        group.append(key)
        held += byte_size
    if group:
        yield group[0], group[-1]
