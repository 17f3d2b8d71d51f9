"""Compare all staged quotes with the documents that they were taken from."""

from typing import Final

import duckdb
import polars as pl

from transforms.slices import find_wrong_quotes, group_by_bytes

_WRONG_QUOTES: Final = {
    "article_key": pl.UInt64(),
    "document_key": pl.UInt64(),
    "quotes": pl.Int64(),
}
_DOCUMENTS: Final = """
    SELECT document_key, byte_size, text FROM staging.dim_document
    UNION ALL
    SELECT document_key, byte_size, text
    FROM main.dim_document
    ANTI JOIN staging.dim_document USING (document_key)
"""
_SIZES: Final = f"""
    SELECT document_key, byte_size
    FROM ({_DOCUMENTS})
    SEMI JOIN staging.fact_evidence USING (document_key)
    ORDER BY document_key
"""  # noqa: S608  no word of it comes from outside
_TEXTS: Final = f"""
    SELECT document_key, text
    FROM ({_DOCUMENTS})
    SEMI JOIN staging.fact_evidence USING (document_key)
    WHERE document_key BETWEEN $low AND $high
"""  # noqa: S608
_QUOTES: Final = """
    SELECT article_key, document_key, char_start, char_end, exact
    FROM staging.fact_evidence
    WHERE document_key BETWEEN $low AND $high
"""


def count_wrong_quotes(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Wrong quotes per article and document; those without any are left out.

    DuckDB finds a character by counting from the start of the text, which makes a slice
    per quote quadratic, so the texts come over in groups of bounded size.

    Args:
        connection: Holds staging.fact_evidence and the documents it names.

    Returns:
        One row per article and document with at least one wrong quote.
    """
    wrong = [pl.DataFrame(schema=_WRONG_QUOTES)]
    for low, high in group_by_bytes(connection.sql(_SIZES).fetchall()):
        group = {"low": low, "high": high}
        documents = _fetch(connection, _TEXTS, group)
        quotes = _fetch(connection, _QUOTES, group).join(
            documents.select("document_key").with_row_index("document_row"),
            on="document_key",
        )
        wrong.append(
            quotes.filter(find_wrong_quotes(documents["text"], quotes))
            .group_by("article_key", "document_key")
            .agg(pl.len().cast(pl.Int64).alias("quotes"))
        )
    return pl.concat(wrong)


def _fetch(
    connection: duckdb.DuckDBPyConnection, select: str, given: dict[str, int]
) -> pl.DataFrame:
    # `sql(..., params=...)` converts value by value: forty times slower.
    table = connection.execute(select, given).to_arrow_table()
    return pl.DataFrame(table)
