"""From places in the virtual documents of records back to places in their files."""

import numpy as np
import polars as pl
import pyarrow as pa

from transforms.contracts import CLEAN_ARTICLES, OFFSET_RUN
from transforms.split.records.record_offset_kernels import RecordOffsets, compose_runs
from transforms.split.records.records import ParsedRecords, virtual_keys
from transforms.text.buffers import as_arrow


def restore_offsets(articles: pl.DataFrame, parsed: ParsedRecords) -> pl.DataFrame:
    """Turn the places of cleaned articles into places of their files.

    Args:
        articles: CLEAN_ARTICLES, in characters of the virtual documents.
        parsed: What `parse_records` gave.

    Returns:
        The same rows and order. `char_start` and `char_end` are those of the record's
        object; `title_runs`, `body_runs` and `cuts` hold places of the file. A
        character written as an escape is a run of length 0 at its escape, so that
        `locate` takes a span from the first character's place to the end of the last
        one, escapes included.
    """
    return (
        articles.drop("char_start", "char_end")
        .with_columns(
            _restore_runs(articles, "title_runs", parsed.offsets),
            _restore_runs(articles, "body_runs", parsed.offsets),
            _restore_cuts(articles, parsed.offsets),
        )
        .join(parsed.spans, on="article_row", how="left", maintain_order="left")
        .select(articles.columns)
    )


def restore_spans(held_spans: pl.DataFrame, parsed: ParsedRecords) -> pl.DataFrame:
    """Held spans of the records that spans of the virtual documents begin in.

    Args:
        held_spans: HELD_SPANS, in characters of the virtual documents.
        parsed: What `parse_records` gave.

    Returns:
        The same rows and order, each from the start to the end of its record's object.
    """
    keys = virtual_keys(parsed.articles["document_row"], parsed.articles["char_start"])
    wanted = virtual_keys(held_spans["document_row"], held_spans["char_start"])
    found = np.maximum(np.searchsorted(keys, wanted, side="right") - 1, 0)
    return held_spans.with_columns(
        parsed.spans["char_start"].gather(found), parsed.spans["char_end"].gather(found)
    )


def _restore_runs(
    articles: pl.DataFrame, column: str, offsets: RecordOffsets
) -> pl.Series:
    flat = (
        articles.lazy()
        .select("document_row", run=pl.col(column))
        .with_row_index("unit")
        .explode("run", empty_as_null=False)
        .unnest("run")
        .collect()
    )
    runs = np.stack(
        [
            flat["text_start"].cast(pl.Int64).to_numpy(),
            virtual_keys(flat["document_row"], flat["char_start"]),
            flat["length"].cast(pl.Int64).to_numpy(),
        ],
        axis=1,
    )
    pieces, counts = compose_runs(offsets, runs)
    units = np.repeat(flat["unit"].to_numpy(), counts)
    firsts = np.searchsorted(units, np.arange(len(articles) + 1))
    parts = [as_arrow(values.astype(np.uint32)) for values in pieces.T]
    fields = pa.StructArray.from_arrays(parts, ["text_start", "char_start", "length"])
    lists = pa.LargeListArray.from_arrays(as_arrow(firsts.astype(np.int64)), fields)
    return pl.Series(column, lists, dtype=pl.List(OFFSET_RUN))


def _restore_cuts(articles: pl.DataFrame, offsets: RecordOffsets) -> pl.Series:
    cuts = (
        articles.lazy()
        .select("document_row", cut=pl.col("cuts"))
        .with_row_index("unit")
        .explode("cut", empty_as_null=False)
        .unnest("cut")
        .collect()
    )
    starts = virtual_keys(cuts["document_row"], cuts["char_start"])
    last_chars = virtual_keys(cuts["document_row"], cuts["char_end"]) - 1
    restored = cuts.select(
        "unit",
        cut=pl.struct(
            pl.Series("char_start", offsets.starts_of(starts), dtype=pl.UInt32),
            pl.Series("char_end", offsets.ends_of(last_chars), dtype=pl.UInt32),
            "reason_code",
        ),
    )
    by_unit = restored.group_by("unit", maintain_order=True).agg("cut")
    return (
        pl.DataFrame({"unit": pl.int_range(len(articles), dtype=pl.UInt32, eager=True)})
        .join(by_unit, on="unit", how="left", maintain_order="left")["cut"]
        .fill_null(pl.lit([], CLEAN_ARTICLES["cuts"]))
        .alias("cuts")
    )
