"""Read every block of a warehouse, and prove again what it promises of its texts.

Tables hold the rows that were published, characters add up in every document, every
quote equals its slice, and every title and body, put together from its document, is the
one that gave the article its identity.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import duckdb
import polars as pl

from transforms.deduplicate.deduplicate import add_identity
from transforms.errors import WarehouseDamagedError
from transforms.text.quotes import find_wrong_quotes
from warehouse.database.failures import explained
from warehouse.database.row_sums import find_changes
from warehouse.database.schema import find_differences, our_tables
from warehouse.database.scripts import read_scripts
from warehouse.lake.address import find_lake
from warehouse.open_reader import open_current
from warehouse.read.tables import group_by_bytes, list_tables


def check_warehouse(path: Path) -> list[str]:
    """Findings, one line each; none when all holds.

    Time is linear in the file, memory is bounded by the largest document.

    Raises:
        WarehouseDamagedError: A table lacks columns, or cannot be read; what it would
            say of texts cannot be proved then.
        WarehouseUnusableError: Missing, or not ours.
    """
    with explained(path), open_current(path) as connection:
        is_lake = find_lake(path) is not None
        differences = find_differences(connection)
        changes = [] if is_lake else list(find_changes(connection))
        if differences or any(change.is_fatal for change in changes):
            said = [f"its schema was changed: {line}" for line in differences]
            raise WarehouseDamagedError(str(path), said + [str(c) for c in changes])
        _read_everything(connection, () if is_lake else our_tables())
        found = [str(change) for change in changes]
        try:
            return [*found, *_prove_texts(connection)]
        except (duckdb.Error, pl.exceptions.PolarsError) as error:
            if not found:
                raise
            first, _, _ = str(error).partition("\n")
            return [*found, f"what texts say cannot be proved: {first}"]


def _prove_texts(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    scripts = read_scripts("check")
    for rule in ("documents", "coverage", "lost_texts", "search", "changes"):
        for name, finding in connection.execute(scripts[rule]).fetchall():
            yield f"{name} {finding}"
    yield from _find_wrong_texts(connection, scripts)


def _read_everything(
    connection: duckdb.DuckDBPyConnection, read: Collection[str]
) -> None:
    """DuckDB compares a block with its checksum whenever it reads it.

    Args:
        connection: To the warehouse.
        read: Tables that have been read already.
    """
    for table in list_tables(connection):
        if f"{table.schema}.{table.name}" in read:
            continue
        connection.execute(
            f"SELECT bit_xor(hash(whole)) FROM {table.quoted} AS whole"  # noqa: S608
        ).fetchall()


def _find_wrong_texts(
    connection: duckdb.DuckDBPyConnection, scripts: Mapping[str, str]
) -> Iterator[str]:
    """Quotes, titles, and bodies that are not what their documents say."""
    sizes = connection.execute(scripts["sizes"]).fetchall()
    for low, high in group_by_bytes(sizes):
        group = {"low": low, "high": high}
        texts = connection.execute(scripts["texts"], group).pl()
        documents = texts.with_row_index("document_row")
        quotes = (
            connection.execute(scripts["quotes"], group)
            .pl()
            .join(
                documents.select("document_key", "document_row", "file_name"),
                on="document_key",
            )
        )
        yield from _count(
            quotes.filter(find_wrong_quotes(documents["text"], quotes)),
            "quotes that differ from their slice",
        )
        articles = connection.execute(scripts["first_appearances"], group).pl()
        identities = add_identity(articles)["article_id"]
        yield from _count(
            articles.filter(
                (pl.col("title") != pl.col("assembled_title")).fill_null(value=True)
                | (pl.col("char_count") != pl.col("body").str.len_chars())
                | (pl.col("article_id") != identities)
            ),
            "titles or bodies that differ from the document",
        )


def _count(wrong: pl.DataFrame, words: str) -> Iterator[str]:
    counts = wrong.group_by("file_name").len().sort("file_name")
    yield from (f"{name} has {count} {words}" for name, count in counts.rows())
