"""Read every block of a warehouse, and prove again what it promises of its texts.

Characters add up in every document, and every span and quote equals its slice.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from transforms.slices import find_wrong_quotes, group_by_bytes
from warehouse.connection import explained, open_published
from warehouse.inspection import list_tables

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
    )

    SELECT
        coalesce(document.file_name, 'document ' || printed.document_key),
        CASE
            WHEN document.document_key IS NULL THEN 'has spans but is not there'
            WHEN document.char_count != length(document.text)
                THEN 'counts ' || document.char_count || ' characters, has '
                    || length(document.text)
            WHEN printed.overlaps > 0 THEN 'has articles that overlap'
            WHEN printed.empty_spans > 0 THEN 'has an article without characters'
            WHEN
                printed.first_char < 0
                OR printed.last_char_end > document.char_count
                THEN 'has an article that reaches outside of it'
        END AS finding
    FROM main.dim_document AS document
    FULL JOIN printed USING (document_key)
    WHERE document.document_key IS DISTINCT FROM 0 AND finding IS NOT NULL
    ORDER BY ALL
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
    FROM main.dim_document
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
# Titles and bodies are taken from the first appearance, stretch by stretch.
_RUNS: Final = """
    WITH
    first AS (
        SELECT
            article.title,
            article_text.body,
            occurrence.document_key,
            occurrence.title_runs,
            occurrence.body_runs
        FROM main.fact_article AS article
        INNER JOIN main.article_text AS article_text USING (article_key)
        INNER JOIN main.fact_occurrence AS occurrence
            ON
                article.article_key = occurrence.article_key
                AND article.first_document_key = occurrence.document_key
                AND article.first_char_start = occurrence.char_start
        WHERE occurrence.document_key BETWEEN $low AND $high
    ),

    stretch AS (
        SELECT document_key, title AS text, unnest(title_runs) AS run
        FROM first
        UNION ALL
        SELECT document_key, body AS text, unnest(body_runs) AS run
        FROM first
    )

    SELECT
        document_key,
        run.char_start::BIGINT AS char_start,
        run.char_start::BIGINT + run.length AS char_end,
        substr(text, run.text_start::BIGINT + 1, run.length) AS exact
    FROM stretch
"""
_SLICES: Final = {
    "quotes that differ from their slice": _QUOTES,
    "stretches of titles or bodies that differ from their slice": _RUNS,
}


def check_warehouse(path: Path) -> list[str]:
    """Findings, one line each; none when all holds.

    Time is linear in the file, memory is bounded by the largest document.

    Raises:
        WarehouseUnusableError: Missing, not ours, or damaged.
    """
    with explained(path), open_published(path) as connection:
        _read_everything(connection)
        return [
            *_told(connection, _DOCUMENT_RULES),
            *_told(connection, _COVERAGE),
            *_find_wrong_slices(connection),
        ]


def _read_everything(connection: duckdb.DuckDBPyConnection) -> None:
    """DuckDB compares a block with its checksum whenever it reads it."""
    for table in list_tables(connection):
        connection.execute(
            f"SELECT bit_xor(hash(whole)) FROM {table.quoted} AS whole"  # noqa: S608
        ).fetchall()


def _told(connection: duckdb.DuckDBPyConnection, question: str) -> list[str]:
    rows = connection.execute(question).fetchall()
    return [f"{name} {finding}" for name, finding in rows]


def _find_wrong_slices(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for low, high in group_by_bytes(connection.execute(_SIZES).fetchall()):
        group = {"low": low, "high": high}
        documents = _fetch(connection, _TEXTS, group).with_row_index("document_row")
        for words, select in _SLICES.items():
            said = _fetch(connection, select, group).join(
                documents.select("document_key", "document_row", "file_name"),
                on="document_key",
            )
            wrong = said.filter(find_wrong_quotes(documents["text"], said))
            counts = wrong.group_by("file_name").len().sort("file_name")
            yield from (f"{name} has {count} {words}" for name, count in counts.rows())


def _fetch(
    connection: duckdb.DuckDBPyConnection, select: str, group: dict[str, int]
) -> pl.DataFrame:
    # `sql(..., params=...)` converts value by value: forty times slower.
    return pl.DataFrame(connection.execute(select, group).to_arrow_table())
