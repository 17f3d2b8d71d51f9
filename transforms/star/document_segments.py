"""A document's text stored once: cut where its articles start, bodies told by pieces.

The segments of a document are its whole text. A title or body is made from its
article's segment: stretches that stand there word for word (its runs), with what
cleaning put between them (its gaps). Compiled code is imported where it is called:
whoever migrates a warehouse, if at all, imports this module first.
"""

from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from transforms.contracts import OFFSET_RUN
from transforms.keys import UNKNOWN_KEY
from transforms.text.buffers import Offsets, as_arrow, buffer_documents
from transforms.text.runs import flatten_runs

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
        ...     schema_overrides={"article_key": pl.Int64},
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
        article_key=pl.lit(UNKNOWN_KEY, pl.Int64),
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
    from transforms.text.char_index import CharIndex, gather_strings, read_only
    from transforms.text.char_kernels import find_gaps

    said = buffer_documents(texts.fill_null("").to_frame("text"))
    char_counts = texts.str.len_chars().fill_null(0).cast(pl.Int64).to_numpy()
    firsts, flat = flatten_runs(runs)
    document_chars = document_texts.str.len_chars().cast(pl.Int64).to_numpy()
    documents = CharIndex(buffer_documents(document_texts.to_frame("text")))
    rows = document_rows.cast(pl.Int64).to_numpy()
    run_rows = np.repeat(rows, np.diff(firsts))
    run_bytes = documents.to_bytes(run_rows, flat["char_start"])
    run_bytes[flat["char_start"] > document_chars[run_rows]] = -1
    first_gaps, starts, ends, is_wrong = find_gaps(
        (
            read_only(said.data),
            read_only(said.document_starts),
            read_only(char_counts),
        ),
        (
            read_only(firsts),
            read_only(flat["text_start"]),
            read_only(flat["length"]),
        ),
        (read_only(documents.buffer.data), read_only(documents.buffer.document_starts)),
        (read_only(rows), read_only(run_bytes)),
    )
    if is_wrong.any():
        none = pl.lit([], _RUNS)
        wrong = pl.lit(pl.Series(is_wrong))
        runs = runs.to_frame("runs").select(
            pl.when(wrong).then(none).otherwise("runs").alias("runs")
        )["runs"]
    gaps = pa.LargeListArray.from_arrays(
        as_arrow(first_gaps), gather_strings(said.data, starts, ends)
    )
    return runs, pl.Series("text", gaps, dtype=pl.List(pl.String))


def _cut(texts: pl.Series, places: Offsets) -> pl.Series:
    """All texts, cut at ascending characters; the first piece starts at the first.

    The bytes are not copied before Polars takes them over.
    """
    from transforms.text.char_index import CharIndex

    index = CharIndex(buffer_documents(texts.to_frame("text")))
    data = index.buffer.data
    offsets = np.append(index.find(places), len(data))
    strings = pa.LargeStringArray.from_buffers(
        len(places), pa.py_buffer(offsets), pa.py_buffer(data)
    )
    return pl.Series(strings, dtype=pl.String)
