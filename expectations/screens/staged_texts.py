"""Read every staged text once: how long its stretches are, which quotes are there."""

from importlib.resources import files
from typing import Final

import duckdb
import polars as pl
import pyarrow as pa

from transforms.text.quotes import find_wrong_quotes

_SEGMENTS_AT_A_TIME: Final = 1_024
_TEXT_BYTES_AT_A_TIME: Final = 64 << 20
_MEASURED: Final = ("stretch", "right_quote")
QUOTE_VIEW: Final = "staged_quote"
TEXT_TABLES: Final = (*_MEASURED, "read_document", "quote", "quote_total")
_EMPTY_TABLES: Final = """
    CREATE OR REPLACE TEMP TABLE stretch (
        document_key BIGINT, char_start BIGINT, chars BIGINT
    );
    CREATE OR REPLACE TEMP TABLE right_quote (
        table_name VARCHAR, article_key BIGINT, document_key BIGINT, quotes BIGINT
    );
"""


def read_texts(connection: duckdb.DuckDBPyConnection) -> None:
    """Measure the staged texts, and compare the staged quotes with them.

    DuckDB finds a character by counting from the start of the text, which makes a slice
    per quote slow, so the texts come over in batches. What is found goes to temporary
    tables, which spill to disk: `stretch`, one row per staged stretch (`document_key`,
    `char_start`, `chars`), `right_quote`, how many quotes equal their slice per
    `table_name`, `article_key`, and `document_key`, those without any left out, and
    `quote_total`, what is true of all quotes by the same three.

    Args:
        connection: Holds the tables that quote, fact_evidence, fact_mention, and
            fact_quantity, and those that they refer to.
    """
    connection.execute(_EMPTY_TABLES)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {QUOTE_VIEW} AS {_sql(QUOTE_VIEW)}"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE read_document AS {_sql('read_document')}",
        {"text_bytes": _TEXT_BYTES_AT_A_TIME},
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE quote AS {_sql('quote')}")
    stretches = _sql("quoted_stretch")
    numbers = connection.execute("SELECT DISTINCT number FROM read_document ORDER BY 1")
    for (number,) in numbers.fetchall():
        asked = connection.execute(stretches, {"number": number})
        measured = [
            _measure(batch) for batch in asked.to_arrow_reader(_SEGMENTS_AT_A_TIME)
        ]
        # Where a group has no text, there is nothing to insert.
        for table, rows in zip(_MEASURED, zip(*measured, strict=True), strict=False):
            connection.register("measured_rows", pl.concat(rows).to_arrow())
            connection.execute(f"INSERT INTO temp.{table} BY NAME FROM measured_rows")
            connection.unregister("measured_rows")
    totals = _sql("quote_total")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE quote_total AS {totals}")


def _sql(name: str) -> str:
    file = files("expectations.screens").joinpath("sql", "texts", f"{name}.sql")
    return file.read_text("utf-8")


def _measure(batch: pa.RecordBatch) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows for the tables `stretch` and `right_quote` of one batch of segments.

    They share no memory with the batch: a number that did would keep all its texts.
    """
    segments = pl.DataFrame(batch).with_row_index("document_row")
    stretches = segments.filter("is_staged").select(
        pl.col("document_key", "char_start") + 0,
        pl.col("text").str.len_chars().cast(pl.Int64).alias("chars"),
    )
    quotes = (
        segments.drop_nulls("quotes")
        .select("document_row", "article_key", "document_key", "quotes")
        .explode("quotes")
        .unnest("quotes")
    )
    right = (
        quotes.filter(~find_wrong_quotes(segments["text"], quotes))
        .group_by("table_name", "article_key", "document_key")
        .agg(pl.len().cast(pl.Int64).alias("quotes"))
    )
    return stretches, right
