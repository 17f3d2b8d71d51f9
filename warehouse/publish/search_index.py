"""The index of `search`: brought up to date by whoever publishes, before readers see.

It is made from what the other tables hold, and by plain SQL it is read again, so that a
reader needs no extension of DuckDB's.
"""

import logging
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import duckdb
import polars as pl

from transforms.search.words import count_words, join_terms, list_postings
from warehouse.database.connection import CATALOG
from warehouse.database.scripts import read_script

logger = logging.getLogger(__name__)

_GROUP_ARTICLES: Final = 2_000
_GROUP_BYTES: Final = 8_000_000
_BATCH_ROWS: Final = 200
_AHEAD: Final = 2
_TERMS: Final = {"hash": pl.UInt64(), "term": pl.UInt64()}


def update_index(connection: duckdb.DuckDBPyConnection) -> None:
    """Index the articles that are new or read otherwise, and forget those gone.

    Args:
        connection: To the build, in no transaction.
    """
    start = time.perf_counter()
    for table in ("search_posting", "search_article"):
        connection.execute(read_script("search", f"forget_{table}"))
    count = _add_articles(connection)
    took = time.perf_counter() - start
    logger.info("Indexed %d articles for search (%.2f s)", count, took)


def drop_index(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave no index, which `search` tells from one that finds nothing."""
    connection.execute("TRUNCATE ops.search_article")
    connection.execute("TRUNCATE ops.search_posting")


def _add_articles(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute(
        "SELECT coalesce(max(article_number) + 1, 0) FROM ops.search_article"
    ).fetchone()
    assert row is not None
    first = number = int(row[0])
    terms = pl.DataFrame(schema=_TERMS)
    with connection.cursor() as reading, ThreadPoolExecutor(_AHEAD) as threads:
        ahead: deque[Future[tuple[pl.DataFrame, pl.DataFrame]]] = deque()
        for group in _read_groups(reading):
            ahead.append(threads.submit(_cut, group, number))
            number += len(group)
            if len(ahead) > _AHEAD:
                terms = _insert(connection, *ahead.popleft().result(), terms)
        while ahead:
            terms = _insert(connection, *ahead.popleft().result(), terms)
    return number - first


def _cut(articles: pl.DataFrame, first: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    numbered = count_words(articles.with_row_index("article_number", first))
    return numbered.drop("title", "body", "words"), list_postings(numbered)


def _insert(
    connection: duckdb.DuckDBPyConnection,
    articles: pl.DataFrame,
    postings: pl.DataFrame,
    terms: pl.DataFrame,
) -> pl.DataFrame:
    """Add a group of articles; gives the terms with those that only it has."""
    unknown = postings.select("hash", "word").join(terms, on="hash", how="anti")
    connection.register("unknown_word", unknown.to_arrow())
    found = connection.execute(
        "SELECT hash, main.search_term(word) AS term FROM unknown_word"
    ).pl()
    connection.unregister("unknown_word")
    terms = pl.concat([terms, found])
    _add_rows(connection, "ops.search_article", articles)
    _add_rows(connection, "ops.search_posting", join_terms(postings, terms))
    return terms


def _add_rows(
    connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame
) -> None:
    connection.register("new_row", rows.to_arrow())
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM new_row")  # noqa: S608
    connection.unregister("new_row")


def _read_groups(reading: duckdb.DuckDBPyConnection) -> Iterator[pl.DataFrame]:
    """Articles to index with their texts, in groups of bounded bytes.

    They are read by a connection of their own, that sees the index as it was before.
    """
    reading.execute(f"USE {CATALOG}")
    reading.execute(read_script("search", "unindexed_articles"))
    group: list[pl.DataFrame] = []
    for batch in reading.to_arrow_reader(_BATCH_ROWS):
        rows = pl.DataFrame(batch)
        group.append(rows)
        texts = sum(part["body"].str.len_bytes().sum() for part in group)
        if sum(map(len, group)) >= _GROUP_ARTICLES or texts >= _GROUP_BYTES:
            yield pl.concat(group)
            group = []
    if group:
        yield pl.concat(group)
