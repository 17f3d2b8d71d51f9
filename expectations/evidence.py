"""Compare all staged quotes with the documents that they were taken from."""

from typing import Final

import duckdb
import polars as pl

from transforms.slices import find_wrong_quotes

_WRONG_QUOTES: Final = {
    "article_key": pl.UInt64(),
    "document_key": pl.UInt64(),
    "quotes": pl.Int64(),
}
# The quotes come to the texts, so that one pass over the texts is enough.
_QUOTED: Final = """
    WITH
    quoted AS (
        SELECT
            document_key,
            list({
                'article_key': article_key,
                'char_start': char_start,
                'char_end': char_end,
                'exact': exact
            }) AS quotes
        FROM staging.fact_evidence
        GROUP BY document_key
    ),

    document AS (
        SELECT document_key, text FROM staging.dim_document
        UNION ALL
        SELECT known.document_key, known.text
        FROM main.dim_document AS known
        ANTI JOIN staging.dim_document USING (document_key)
    )

    SELECT document.document_key, document.text, quoted.quotes
    FROM document
    INNER JOIN quoted USING (document_key)
"""
_DOCUMENTS_AT_A_TIME: Final = 256


def count_wrong_quotes(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Wrong quotes per article and document; those without any are left out.

    DuckDB finds a character by counting from the start of the text, which makes a slice
    per quote quadratic, so the texts come over in small batches.

    Args:
        connection: Holds staging.fact_evidence and the documents it names.

    Returns:
        One row per article and document with at least one wrong quote.
    """
    wrong = [pl.DataFrame(schema=_WRONG_QUOTES)]
    batches = connection.execute(_QUOTED).to_arrow_reader(_DOCUMENTS_AT_A_TIME)
    for batch in batches:
        documents = pl.DataFrame(batch).with_row_index("document_row")
        quotes = (
            documents.select("document_row", "document_key", "quotes")
            .explode("quotes")
            .unnest("quotes")
        )
        wrong.append(
            quotes.filter(find_wrong_quotes(documents["text"], quotes))
            .group_by("article_key", "document_key")
            .agg(pl.len().cast(pl.Int64).alias("quotes"))
        )
    return pl.concat(wrong)
