"""Read every block of a warehouse, and prove again what it promises of its texts.

Characters add up in every document, every quote equals its slice, and every title and
body, put together from its document, is the one that gave the article its identity.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from transforms.deduplicate.deduplicate import article_identities
from transforms.text.quotes import find_wrong_quotes
from warehouse.database.failures import explained
from warehouse.open_reader import open_current
from warehouse.read.tables import group_by_bytes, list_tables

_DOCUMENT_RULES: Final = """
    WITH
    beside AS (
        SELECT
            *,
            lead(char_start) OVER (
                PARTITION BY document_key ORDER BY char_start, char_end
            ) AS next_char_start
        FROM main.fact_occurrence
    ),

    printed AS (
        SELECT
            document_key,
            min(char_start) AS first_char,
            max(char_end) AS last_char_end,
            count(*) FILTER (WHERE char_end <= char_start) AS empty_spans,
            count(*) FILTER (WHERE char_end > next_char_start) AS overlaps
        FROM beside
        GROUP BY document_key
    ),

    measured AS (
        SELECT document_key, char_start, length(text) AS chars
        FROM main.document_segment
    ),

    laid AS (
        SELECT
            *,
            lead(char_start) OVER (
                PARTITION BY document_key ORDER BY char_start
            ) AS next_char_start
        FROM measured
    ),

    whole AS (
        SELECT
            document_key,
            sum(chars)::BIGINT AS chars,
            min(char_start) != 0 OR count(*) FILTER (
                WHERE char_start + chars != next_char_start
            ) > 0 AS is_broken
        FROM laid
        GROUP BY document_key
    )

    SELECT
        coalesce(document.file_name, 'document ' || key) AS name,
        CASE
            WHEN document.document_key IS NULL THEN 'has spans but is not there'
            WHEN document.char_count != coalesce(whole.chars, 0)
                THEN 'counts ' || document.char_count || ' characters, has '
                    || coalesce(whole.chars, 0)
            WHEN whole.is_broken THEN 'has stretches that do not follow each other'
            WHEN printed.overlaps > 0 THEN 'has articles that overlap'
            WHEN printed.empty_spans > 0 THEN 'has an article without characters'
            WHEN
                printed.first_char < 0
                OR printed.last_char_end > document.char_count
                THEN 'has an article that reaches outside of it'
        END AS finding
    FROM (
        SELECT document_key AS key FROM ops.document
        UNION
        SELECT document_key FROM printed
        UNION
        SELECT document_key FROM whole
    )
    LEFT JOIN ops.document AS document ON document.document_key = key
    LEFT JOIN printed ON printed.document_key = key
    LEFT JOIN whole ON whole.document_key = key
    WHERE key != 0 AND finding IS NOT NULL
    ORDER BY ALL
"""
_LOST: Final = """
    SELECT
        coalesce(document.file_name, 'document ' || seen.document_key) AS name,
        'has ' || count(*) || ' articles whose text is not there'
    FROM main.fact_occurrence AS seen
    ANTI JOIN main.document_segment AS segment
        USING (document_key, char_start, article_key)
    LEFT JOIN ops.document AS document USING (document_key)
    GROUP BY name
    ORDER BY name
"""
_COVERAGE: Final = """
    SELECT file_name, 'has characters that are not accounted for'
    FROM main.document_coverage
    WHERE
        chars_in_articles + chars_separator + chars_quarantined != chars_total
        OR least(chars_in_articles, chars_separator, chars_quarantined) < 0
    ORDER BY ALL
"""
_SIZES: Final = """
    SELECT document_key, byte_size
    FROM ops.document
    WHERE document_key != 0
    ORDER BY document_key
"""
_TEXTS: Final = """
    SELECT document_key, file_name, text
    FROM main.dim_document
    WHERE document_key BETWEEN $low AND $high AND text IS NOT NULL
"""
_QUOTES: Final = """
    SELECT document_key, char_start, char_end, exact
    FROM main.fact_evidence
    WHERE document_key BETWEEN $low AND $high
"""
_FIRST_APPEARANCES: Final = """
    SELECT
        document.file_name,
        fact.article_id,
        fact.title,
        fact.char_count,
        main.assembled(
            segment.text, segment.char_start, seen.title_runs, seen.title_gaps
        ) AS assembled_title,
        main.assembled(
            segment.text, segment.char_start, seen.body_runs, seen.body_gaps
        ) AS body
    FROM main.document_segment AS segment
    INNER JOIN main.fact_occurrence AS seen
        USING (article_key, document_key, char_start)
    INNER JOIN main.fact_article AS fact
        ON
            seen.article_key = fact.article_key
            AND seen.document_key = fact.first_document_key
            AND seen.char_start = fact.first_char_start
    INNER JOIN ops.document AS document
        ON segment.document_key = document.document_key
    WHERE segment.document_key BETWEEN $low AND $high
"""


def check_warehouse(path: Path) -> list[str]:
    """Findings, one line each; none when all holds.

    Time is linear in the file, memory is bounded by the largest document.

    Raises:
        WarehouseUnusableError: Missing, not ours, or damaged.
    """
    with explained(path), open_current(path) as connection:
        _read_everything(connection)
        return [
            *_findings(connection, _DOCUMENT_RULES),
            *_findings(connection, _COVERAGE),
            *_findings(connection, _LOST),
            *_find_wrong_texts(connection),
        ]


def _read_everything(connection: duckdb.DuckDBPyConnection) -> None:
    """DuckDB compares a block with its checksum whenever it reads it."""
    for table in list_tables(connection):
        connection.execute(
            f"SELECT bit_xor(hash(whole)) FROM {table.quoted} AS whole"  # noqa: S608
        ).fetchall()


def _findings(connection: duckdb.DuckDBPyConnection, question: str) -> list[str]:
    rows = connection.execute(question).fetchall()
    return [f"{name} {finding}" for name, finding in rows]


def _find_wrong_texts(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Quotes, titles, and bodies that are not what their documents say."""
    for low, high in group_by_bytes(connection.execute(_SIZES).fetchall()):
        group = {"low": low, "high": high}
        documents = (
            connection.execute(_TEXTS, group).pl().with_row_index("document_row")
        )
        quotes = (
            connection.execute(_QUOTES, group)
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
        articles = connection.execute(_FIRST_APPEARANCES, group).pl()
        identities = article_identities(articles["title"], articles["body"])
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
