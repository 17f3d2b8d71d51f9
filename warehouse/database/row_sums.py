"""How many rows each table has, and an order-free hash of them, kept by who publishes.

What somebody else did to a published file is seen by comparing. DuckDB hashes rows
faster than it reads them; as its hash may change between its versions, the version is
kept too, and until the next publication another one compares counts alone.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from transforms.errors import WarehouseDamagedError
from warehouse.database.failures import is_unreadable
from warehouse.database.schema import (
    applied_version,
    current_version,
    our_tables,
    tables_of,
)
from warehouse.database.scripts import quoted_name

SUMS_TABLE: Final = "ops.published_table"
# Most of a warehouse are its texts, so that their sum is kept up, not made again.
TEXTS_TABLE: Final = "main.document_segment"
# The index of `search` is made from the other tables, and is as large as their texts.
_NOT_SUMMED: Final = frozenset({SUMS_TABLE, "ops.search_article", "ops.search_posting"})
_OF_LOAD: Final = "document_key IN (SELECT document_key FROM staging.chosen_document)"


@dataclass(frozen=True)
class RowSum:
    """What a table holds.

    Attributes:
        count: Rows.
        hashes: Sum of their hashes; None when another DuckDB made it.
        columns: That were hashed, in order.
    """

    count: int
    hashes: int | None
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What is not as it was published.

    Attributes:
        table: `schema.table`.
        finding: The rest of the sentence.
        is_fatal: Nothing can be asked of the table.
    """

    table: str
    finding: str
    is_fatal: bool = False

    def __str__(self) -> str:
        return f"{self.table} {self.finding}"


def sum_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: tuple[str, ...] | None = None,
    *,
    condition: str = "true",
) -> RowSum:
    """Count and hash rows, in memory that does not grow with them.

    Args:
        connection: To the warehouse.
        table: `schema.table`.
        columns: To hash; None are those of the newest schema.
        condition: SQL of which rows.
    """
    chosen = columns or tuple(our_tables()[table])
    listed = ", ".join(map(quoted_name, chosen))
    ((count, hashes),) = connection.execute(
        f"SELECT count(*), coalesce(sum(hash({listed})), 0) "  # noqa: S608 - our names
        f"FROM {table} WHERE {condition}"
    ).fetchall()
    return RowSum(int(count), int(hashes), chosen)


def read_sums(connection: duckdb.DuckDBPyConnection) -> dict[str, RowSum]:
    """What the last publication left, by `schema.table`; none of an older warehouse."""
    if SUMS_TABLE not in tables_of(connection):
        return {}
    rows = connection.execute(
        "SELECT table_name, row_count, CASE WHEN engine_version = version() "  # noqa: S608
        f"THEN rows_hash END, columns FROM {SUMS_TABLE}"
    ).fetchall()
    return {table: RowSum(count, h, tuple(names)) for table, count, h, names in rows}


def write_sums(
    connection: duckdb.DuckDBPyConnection, run_key: int, known: Mapping[str, RowSum]
) -> None:
    """Keep what the tables hold, in the transaction that publishes them.

    Args:
        connection: To the build.
        run_key: Of the run that publishes.
        known: Sums that need not be made again.
    """
    connection.execute(f"DELETE FROM {SUMS_TABLE}")  # noqa: S608 - our name
    for table in _summed_tables():
        found = known.get(table)
        if found is None or found.hashes is None:
            found = sum_rows(connection, table)
        connection.execute(
            f"INSERT INTO {SUMS_TABLE} VALUES (?, ?, ?, ?, version(), ?)",  # noqa: S608
            [table, list(found.columns), found.count, found.hashes, run_key],
        )


@contextmanager
def following_texts(
    connection: duckdb.DuckDBPyConnection, sums: dict[str, RowSum]
) -> Iterator[None]:
    """Keep the sum of all texts up while a load replaces and adds documents.

    Args:
        connection: To the build; `staging.chosen_document` names these documents.
        sums: Changed where it tells of texts.
    """
    texts = sums.get(TEXTS_TABLE)
    if texts is None or texts.hashes is None:
        yield
        return
    replaced = sum_rows(connection, TEXTS_TABLE, texts.columns, condition=_OF_LOAD)
    yield
    added = sum_rows(connection, TEXTS_TABLE, texts.columns, condition=_OF_LOAD)
    assert replaced.hashes is not None
    assert added.hashes is not None
    sums[TEXTS_TABLE] = RowSum(
        texts.count + added.count - replaced.count,
        texts.hashes + added.hashes - replaced.hashes,
        texts.columns,
    )


def require_as_published(
    connection: duckdb.DuckDBPyConnection, path: Path, *, with_hashes: bool
) -> None:
    """Raise when somebody has changed rows since they were published.

    Texts are only counted: as their sum is kept up, changes to them stay visible.

    Args:
        connection: To the file, or to a copy of it.
        path: The warehouse, as it is named to its user.
        with_hashes: Hash rows; else only count them, which reads none.

    Raises:
        WarehouseDamagedError: Names the tables.
    """
    changes = find_changes(connection, with_hashes=with_hashes, with_texts=False)
    found = [str(change) for change in changes]
    if found:
        raise WarehouseDamagedError(str(path), found)


def find_changes(
    connection: duckdb.DuckDBPyConnection,
    *,
    with_hashes: bool = True,
    with_texts: bool = True,
) -> Iterator[Change]:
    """What is not as it was published, one for each table.

    Args:
        connection: To a file, of this version or an older one.
        with_hashes: Hash rows; else only count them, which reads none.
        with_texts: Hash texts too.
    """
    sums, there = read_sums(connection), tables_of(connection)
    if applied_version(connection) == current_version() and SUMS_TABLE in there:
        missing = set(_summed_tables()) - sums.keys()
        for table in sorted(missing):
            yield Change(table, "has no count of what was published")
    for table, published in sorted(sums.items()):
        lost = set(published.columns) - set(there.get(table, ()))
        if lost:
            names = ", ".join(sorted(lost))
            change = Change(table, f"lacks columns: {names}", is_fatal=True)
        else:
            is_hashed = with_hashes and (with_texts or table != TEXTS_TABLE)
            change = _compare_if_readable(
                connection, table, published, is_hashed=is_hashed
            )
        if change.finding:
            yield change


def _compare_if_readable(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    published: RowSum,
    *,
    is_hashed: bool,
) -> Change:
    try:
        return Change(
            table, _compare(connection, table, published, is_hashed=is_hashed)
        )
    except duckdb.Error as error:
        if not is_unreadable(error):
            raise
        first, _, _ = str(error).partition("\n")
        return Change(table, f"cannot be read: {first}", is_fatal=True)


def _compare(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    published: RowSum,
    *,
    is_hashed: bool,
) -> str:
    """What is other; empty when nothing is."""
    if is_hashed:
        found = sum_rows(connection, table, published.columns)
    else:
        asked = connection.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        ((count,),) = asked.fetchall()
        found = RowSum(int(count), published.hashes, published.columns)
    if found.count != published.count:
        return f"has {found.count:,} rows, {published.count:,} were published"
    if published.hashes is not None and found.hashes != published.hashes:
        return "has other rows than were published"
    return ""


def _summed_tables() -> list[str]:
    return [table for table in our_tables() if table not in _NOT_SUMMED]
