"""A document's text stored once: cut where its articles start, bodies told by pieces.

The segments of a document are its whole text. A title or body is made from its
article's segment: stretches that stand there word for word (its runs), with what
cleaning put between them (its gaps).
"""

from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from transforms.buffers import Offsets, buffer_documents
from transforms.contracts import OFFSET_RUN
from transforms.keys import UNKNOWN_KEY
from transforms.slices import byte_offsets, find_wrong_quotes

_RUNS: Final = pl.List(OFFSET_RUN)


def cut_documents(documents: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """Segments of documents, each from the start of an article to the next one's.

    Args:
        documents: `document_key`, `text`; each once.
        starts: `document_key`, `char_start`, `article_key` of every appearance.

    Returns:
        `document_key`, `char_start`, `article_key` (0 where no article starts), `text`,
        in the order of the documents and places. Put together they are the documents.

    Example:
        >>> documents = pl.DataFrame({"document_key": [7], "text": ["* Oil — up"]})
        >>> starts = pl.DataFrame(
        ...     {"document_key": [7], "char_start": [2], "article_key": [3]},
        ...     schema_overrides={"article_key": pl.UInt64},
        ... )
        >>> cut_documents(documents, starts).rows()
        [(7, 0, 0, '* '), (7, 2, 3, 'Oil — up')]
    """
    char_counts = documents["text"].str.len_chars().cast(pl.Int64)
    placed = documents.select("document_key").with_columns(
        first_char=char_counts.cum_sum() - char_counts,
        row=pl.int_range(len(documents)),
    )
    heads = documents.select(
        "document_key",
        char_start=pl.lit(0, pl.Int64),
        article_key=pl.lit(UNKNOWN_KEY, pl.UInt64),
    )
    segments = (
        pl.concat([starts.select(heads.columns), heads])
        .unique(["document_key", "char_start"], keep="first", maintain_order=True)
        .join(placed, on="document_key")
        .sort("row", "char_start")
    )
    places = (segments["first_char"] + segments["char_start"]).to_numpy()
    pieces = _cut(documents["text"], places)
    return segments.select(heads.columns).with_columns(pieces.alias("text"))


def split_at_runs(
    texts: pl.Series,
    runs: pl.Series,
    document_rows: pl.Series,
    document_texts: pl.Series,
) -> tuple[pl.Series, pl.Series]:
    """Runs of cleaned texts that hold, and what the texts have beside them.

    Args:
        texts: One title or body per article; null is empty.
        runs: Its runs, OFFSET_RUN, in the order of the text.
        document_rows: Place of its document in `document_texts`.
        document_texts: One text per document.

    Returns:
        Runs and gaps. There is one gap before each run and one after the last. A text
        whose runs are not what the document says is one gap and has no run.

    Example:
        >>> runs = [{"text_start": 0, "char_start": 5, "length": 3}]
        >>> split_at_runs(
        ...     pl.Series(["Oil, up", "Gas"]),
        ...     pl.Series([runs, runs], dtype=pl.List(OFFSET_RUN)),
        ...     pl.Series([0, 0]),
        ...     pl.Series(["News Oil up"]),
        ... )[1].to_list()
        [['', ', up'], ['Gas']]
    """
    texts = texts.fill_null("")
    pieces = _pieces(texts, runs)
    is_run = pieces["char_start"].is_not_null()
    said = pieces.filter(is_run).with_columns(
        document_rows.gather(pieces["unit"].filter(is_run)).alias("document_row"),
        char_end=pl.col("char_start") + pl.col("length"),
        exact=_cut(texts, pieces["place"].to_numpy()).filter(is_run),
    )
    wrong = said.filter(
        find_wrong_quotes(document_texts, said)
        | (pl.col("exact").str.len_chars() != pl.col("length"))
    )["unit"].unique()
    if len(wrong):
        none = pl.lit([], _RUNS)
        runs = (
            pl.DataFrame({"runs": runs})
            .with_row_index("unit")
            .select(
                pl.when(pl.col("unit").is_in(wrong.implode()))
                .then(none)
                .otherwise("runs")
                .alias("runs")
            )["runs"]
        )
        pieces = _pieces(texts, runs)
    gaps = pieces.with_columns(_cut(texts, pieces["place"].to_numpy()).alias("text"))
    return runs, (
        gaps.filter(pl.col("char_start").is_null())
        .group_by("unit", maintain_order=True)
        .agg("text")["text"]
    )


def _pieces(texts: pl.Series, runs: pl.Series) -> pl.DataFrame:
    """Gaps and runs by turns, for each text a gap first and last.

    Returns:
        `unit`, `place` (characters from the start of the first text), and of runs
        alone `char_start` and `length`.
    """
    char_counts = texts.str.len_chars().cast(pl.Int64)
    firsts = (char_counts.cum_sum() - char_counts).alias("place")
    units = pl.DataFrame({"runs": runs, "first": firsts, "chars": char_counts})
    flat = (
        units.with_row_index("unit")
        .explode("runs", empty_as_null=False)
        .unnest("runs")
        .with_columns(pl.col("text_start", "char_start", "length").cast(pl.Int64))
    )
    # A run that reaches back or beyond its text is cut short, and so does not hold.
    start = pl.col("text_start").clip(0, pl.col("chars"))
    end = (pl.col("text_start") + pl.col("length")).clip(0, pl.col("chars"))
    before = end.cum_max().over("unit").shift(1).over("unit").fill_null(0)
    flat = flat.with_columns(
        start=pl.max_horizontal(start, before), end=end
    ).with_columns(end=pl.max_horizontal("start", "end"))
    heads = pl.DataFrame({"place": firsts}).with_row_index("unit")
    return (
        pl.concat(
            [
                heads.with_columns(turn=pl.lit(0, pl.Int64)),
                flat.select(
                    "unit", "char_start", "length",
                    place=pl.col("first") + pl.col("start"),
                    turn=2 * pl.int_range(pl.len()).over("unit") + 1,
                ),
                flat.select(
                    "unit",
                    place=pl.col("first") + pl.col("end"),
                    turn=2 * pl.int_range(pl.len()).over("unit") + 2,
                ),
            ],
            how="diagonal",
        )
        .sort("unit", "turn")
    )  # fmt: skip


def _cut(texts: pl.Series, places: Offsets) -> pl.Series:
    """All texts, cut at ascending characters; the first piece starts at the first.

    The bytes are not copied before Polars takes them over.
    """
    data = buffer_documents(texts.to_frame("text")).data
    if len(data) != texts.str.len_chars().sum():  # else characters are bytes
        places = byte_offsets(data, places)
    offsets = np.append(places, len(data))
    strings = pa.LargeStringArray.from_buffers(
        len(places), pa.py_buffer(offsets), pa.py_buffer(data)
    )
    return pl.Series(strings, dtype=pl.String)
