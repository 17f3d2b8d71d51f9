"""The part of a migration that SQL cannot do in time linear in the texts."""

from collections.abc import Callable
from typing import Final

import duckdb
import polars as pl

from transforms.star.document_segments import cut_documents, split_at_runs
from warehouse.database.groups import group_by_bytes

_SIZES: Final = """
    SELECT document_key, byte_size FROM main.document_before_4 ORDER BY document_key
"""
_DOCUMENTS: Final = """
    SELECT document_key, text FROM main.document_before_4
    WHERE document_key BETWEEN $low AND $high AND text IS NOT NULL
    ORDER BY document_key
"""
_OCCURRENCES: Final = """
    SELECT
        seen.*,
        fact.title,
        body.body,
        first.title_runs AS first_title_runs,
        first.body_runs AS first_body_runs,
        first.document_key = seen.document_key
        AND first.char_start = seen.char_start AS is_first
    FROM main.fact_occurrence_before_4 AS seen
    INNER JOIN main.fact_article AS fact USING (article_key)
    INNER JOIN main.fact_occurrence_before_4 AS first
        ON
            fact.article_key = first.article_key
            AND fact.first_document_key = first.document_key
            AND fact.first_char_start = first.char_start
    INNER JOIN main.article_text_before_4 AS body USING (article_key)
    WHERE seen.document_key BETWEEN $low AND $high
    ORDER BY seen.rowid
"""
_USUAL_GAPS: Final = {2: "\n\n"}
_DROPPED: Final = ("document", "article_text", "fact_occurrence")


def store_texts_once(connection: duckdb.DuckDBPyConnection) -> None:
    """Cut documents into segments, and tell titles and bodies by their pieces.

    A reprint's own title and body were not kept before. What stood between its runs is
    that of the first appearance where the lengths agree, and else, known by its length
    alone, taken for the space or blank line that cleaning puts.

    Args:
        connection: In the transaction of migration 4, its statements done.
    """
    connection.execute(
        "INSERT INTO ops.document BY NAME "
        "SELECT * EXCLUDE (text) FROM main.document_before_4"
    )
    for low, high in group_by_bytes(connection.execute(_SIZES).fetchall()):
        group = {"low": low, "high": high}
        documents = _fetch(connection, _DOCUMENTS, group)
        seen = _fetch(connection, _OCCURRENCES, group).join(
            documents.select("document_key").with_row_index("document_row"),
            on="document_key",
            maintain_order="left",
        )
        _append(connection, "document_segment", cut_documents(documents, seen))
        _append(connection, "fact_occurrence", _add_gaps(seen, documents["text"]))
    for name in _DROPPED:
        connection.execute(f"DROP TABLE main.{name}_before_4")


BY_HAND: Final[dict[str, Callable[[duckdb.DuckDBPyConnection], None]]] = {
    "0004_text_once": store_texts_once
}


def _add_gaps(seen: pl.DataFrame, document_texts: pl.Series) -> pl.DataFrame:
    first, reprints = seen.filter("is_first"), seen.filter(~pl.col("is_first"))
    for name in ("title", "body"):
        runs, gaps = split_at_runs(
            first[name], first[f"{name}_runs"], first["document_row"], document_texts
        )
        first = first.with_columns(
            runs.alias(f"{name}_runs"), gaps.alias(f"{name}_gaps")
        )
        guessed = [
            _guess_gaps(*row)
            for row in reprints.select(
                f"{name}_runs", f"first_{name}_runs", name
            ).iter_rows()
        ]
        reprints = reprints.with_columns(
            pl.Series(f"{name}_gaps", guessed, dtype=pl.List(pl.String))
        )
    return pl.concat([first, reprints]).drop(
        "title",
        "body",
        "first_title_runs",
        "first_body_runs",
        "is_first",
        "document_row",
    )


def _guess_gaps(
    runs: list[dict[str, int]], first_runs: list[dict[str, int]], first_text: str
) -> list[str]:
    known = [first_text[start:end] for start, end in _gaps(first_runs)]
    lengths = [end - start for start, end in _gaps(runs)]
    if [len(gap) for gap in known] == lengths:
        last = (
            first_runs[-1]["text_start"] + first_runs[-1]["length"] if first_runs else 0
        )
        return [*known, first_text[last:]]
    return [_USUAL_GAPS.get(length, " " * length) for length in lengths] + [""]


def _gaps(runs: list[dict[str, int]]) -> list[tuple[int, int]]:
    """Where the stretches before runs start and end."""
    ends = [0, *(run["text_start"] + run["length"] for run in runs)]
    return list(zip(ends, (run["text_start"] for run in runs), strict=False))


def _append(
    connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame
) -> None:
    connection.register("migrated_rows", rows.to_arrow())
    connection.execute(f"INSERT INTO main.{table} BY NAME FROM migrated_rows")
    connection.unregister("migrated_rows")


def _fetch(
    connection: duckdb.DuckDBPyConnection, select: str, group: dict[str, int]
) -> pl.DataFrame:
    return pl.DataFrame(connection.execute(select, group).to_arrow_table())
