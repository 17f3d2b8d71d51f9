"""Read every staged text once: how long its stretches are, which quotes are there."""

from typing import Final

import duckdb
import polars as pl
import pyarrow as pa

from transforms.text.quotes import find_wrong_quotes

_SEGMENTS_AT_A_TIME: Final = 1_024
_TEXT_BYTES_AT_A_TIME: Final = 64 << 20
_MEASURED: Final = ("stretch", "right_quote")
TEXT_TABLES: Final = (*_MEASURED, "read_document", "quote")
_TABLES: Final = """
    CREATE OR REPLACE TEMP TABLE stretch (
        document_key UBIGINT, char_start BIGINT, chars BIGINT
    );
    CREATE OR REPLACE TEMP TABLE right_quote (
        article_key UBIGINT, document_key UBIGINT, quotes BIGINT
    );
"""
# Documents whose texts are read: staged ones, and those that staged quotes are of. They
# are read some at a time in the order in which they lie, so that no group of them is
# looked for in every file.
_DOCUMENTS: Final = """
    CREATE OR REPLACE TEMP TABLE read_document AS
    SELECT
        document_key,
        sum(byte_size) OVER (ROWS UNBOUNDED PRECEDING) // $text_bytes AS number
    FROM (
        SELECT document_key, byte_size FROM staging.dim_document
        UNION ALL
        SELECT document_key, byte_size FROM main.dim_document
        SEMI JOIN (
            SELECT document_key FROM staging.fact_evidence
            ANTI JOIN staging.dim_document USING (document_key)
        ) USING (document_key)
    )
"""
# Their quotes, of the first appearance, which starts a stretch. In the order of the
# documents, so that the quotes of some are found without looking at all of them.
_QUOTES: Final = """
    CREATE OR REPLACE TEMP TABLE quote AS
    SELECT
        read_document.number,
        evidence.article_key,
        evidence.document_key,
        article.first_char_start AS char_start,
        evidence.char_start - article.first_char_start AS quote_start,
        evidence.char_end - article.first_char_start AS quote_end,
        evidence.exact
    FROM staging.fact_evidence AS evidence
    INNER JOIN read_document USING (document_key)
    INNER JOIN staging.fact_article AS article
        ON
            evidence.article_key = article.article_key
            AND evidence.document_key = article.first_document_key
"""
# The quotes come to the texts, so that one pass over the texts is enough. Lists cannot
# be spilled to disk, so they are made for some documents at a time.
_QUOTED: Final = """
    WITH
    wanted AS (
        SELECT document_key FROM read_document
        WHERE number = $number
    ),

    quoted AS (
        SELECT
            article_key,
            document_key,
            char_start,
            list({
                'char_start': quote_start, 'char_end': quote_end, 'exact': exact
            }) AS quotes
        FROM quote
        WHERE number = $number
        GROUP BY ALL
    ),

    segment AS (
        SELECT document_key, char_start, article_key, text, true AS is_staged
        FROM staging.document_segment
        SEMI JOIN wanted USING (document_key)
        UNION ALL
        SELECT document_key, char_start, article_key, text, false AS is_staged
        FROM main.document_segment
        SEMI JOIN (
            SELECT document_key FROM wanted
            ANTI JOIN staging.dim_document USING (document_key)
        ) USING (document_key)
    )

    SELECT segment.*, quoted.quotes
    FROM segment
    LEFT JOIN quoted USING (article_key, document_key, char_start)
"""


def read_texts(connection: duckdb.DuckDBPyConnection) -> None:
    """Measure the staged texts, and compare the staged quotes with them.

    DuckDB finds a character by counting from the start of the text, which makes a slice
    per quote slow, so the texts come over in batches. What is found goes to temporary
    tables, which spill to disk: `stretch`, one row per staged stretch (`document_key`,
    `char_start`, `chars`), and `right_quote`, how many quotes equal their slice per
    `article_key` and `document_key`, those without any left out.

    Args:
        connection: Holds staging.document_segment, fact_article, and fact_evidence.
    """
    connection.execute(_TABLES)
    connection.execute(_DOCUMENTS, {"text_bytes": _TEXT_BYTES_AT_A_TIME})
    connection.execute(_QUOTES)
    numbers = connection.execute("SELECT DISTINCT number FROM read_document ORDER BY 1")
    for (number,) in numbers.fetchall():
        asked = connection.execute(_QUOTED, {"number": number})
        measured = [
            _measure(batch) for batch in asked.to_arrow_reader(_SEGMENTS_AT_A_TIME)
        ]
        # Where a group has no text, there is nothing to insert.
        for table, rows in zip(_MEASURED, zip(*measured, strict=True), strict=False):
            connection.register("measured_rows", pl.concat(rows).to_arrow())
            connection.execute(f"INSERT INTO temp.{table} BY NAME FROM measured_rows")
            connection.unregister("measured_rows")


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
        .group_by("article_key", "document_key")
        .agg(pl.len().cast(pl.Int64).alias("quotes"))
    )
    return stretches, right
