"""Read every staged text once: how long its stretches are, which quotes are there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import duckdb
import polars as pl
import pyarrow as pa

from transforms.slices import find_wrong_quotes, group_by_bytes

_STRETCHES: Final = {
    "document_key": pl.UInt64(),
    "char_start": pl.Int64(),
    "chars": pl.Int64(),
}
_RIGHT_QUOTES: Final = {
    "article_key": pl.UInt64(),
    "document_key": pl.UInt64(),
    "quotes": pl.Int64(),
}
# Documents whose texts are read: staged ones, and those that staged quotes are of.
_DOCUMENTS: Final = """
    SELECT document_key, byte_size FROM staging.dim_document
    UNION ALL
    SELECT document_key, byte_size FROM main.dim_document
    SEMI JOIN (
        SELECT document_key FROM staging.fact_evidence
        ANTI JOIN staging.dim_document USING (document_key)
    ) USING (document_key)
    ORDER BY document_key
"""
# The quotes come to the texts, so that one pass over the texts is enough. They are of
# the first appearance, which starts a stretch. Lists cannot be spilled to disk, so they
# are made for some documents at a time.
_QUOTED: Final = """
    WITH
    quoted AS (
        SELECT
            evidence.article_key,
            evidence.document_key,
            article.first_char_start AS char_start,
            list({
                'char_start': evidence.char_start - article.first_char_start,
                'char_end': evidence.char_end - article.first_char_start,
                'exact': evidence.exact
            }) AS quotes
        FROM staging.fact_evidence AS evidence
        INNER JOIN staging.fact_article AS article
            ON
                evidence.article_key = article.article_key
                AND evidence.document_key = article.first_document_key
        WHERE evidence.document_key BETWEEN $first AND $last
        GROUP BY ALL
    ),

    segment AS (
        SELECT document_key, char_start, article_key, text, true AS is_staged
        FROM staging.document_segment
        WHERE document_key BETWEEN $first AND $last
        UNION ALL
        SELECT document_key, char_start, article_key, text, false AS is_staged
        FROM main.document_segment
        SEMI JOIN (
            SELECT document_key FROM quoted
            ANTI JOIN staging.dim_document USING (document_key)
        ) USING (document_key)
        WHERE document_key BETWEEN $first AND $last
    )

    SELECT segment.*, quoted.quotes
    FROM segment
    LEFT JOIN quoted USING (article_key, document_key, char_start)
"""
_SEGMENTS_AT_A_TIME: Final = 1_024
_TEXT_BYTES_AT_A_TIME: Final = 16 << 20


@dataclass(frozen=True)
class TextFacts:
    """What the audit needs to know of texts, which it does not read itself.

    Attributes:
        stretches: One row per staged stretch: `document_key`, `char_start`, `chars`.
        right_quotes: Quotes that equal their slice, per `article_key` and
            `document_key`, those without any left out.
    """

    stretches: pl.DataFrame
    right_quotes: pl.DataFrame


def read_texts(connection: duckdb.DuckDBPyConnection) -> TextFacts:
    """Measure the staged texts, and compare the staged quotes with them.

    DuckDB finds a character by counting from the start of the text, which makes a slice
    per quote slow, so the texts come over in batches.

    Args:
        connection: Holds staging.document_segment, fact_article, and fact_evidence.
    """
    stretches = [pl.DataFrame(schema=_STRETCHES)]
    right = [pl.DataFrame(schema=_RIGHT_QUOTES)]
    for batch in _quoted_segments(connection):
        segments = pl.DataFrame(batch).with_row_index("document_row")
        stretches.append(
            segments.filter("is_staged").select(
                "document_key",
                "char_start",
                pl.col("text").str.len_chars().cast(pl.Int64).alias("chars"),
            )
        )
        quotes = (
            segments.drop_nulls("quotes")
            .select("document_row", "article_key", "document_key", "quotes")
            .explode("quotes")
            .unnest("quotes")
        )
        right.append(
            quotes.filter(~find_wrong_quotes(segments["text"], quotes))
            .group_by("article_key", "document_key")
            .agg(pl.len().cast(pl.Int64).alias("quotes"))
        )
    return TextFacts(pl.concat(stretches), pl.concat(right))


def _quoted_segments(
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[pa.RecordBatch]:
    sizes = connection.execute(_DOCUMENTS).fetchall()
    for first, last in group_by_bytes(sizes, _TEXT_BYTES_AT_A_TIME):
        asked = connection.execute(_QUOTED, {"first": first, "last": last})
        yield from asked.to_arrow_reader(_SEGMENTS_AT_A_TIME)
