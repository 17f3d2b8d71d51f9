"""Datelines that stand some lines down, below what a page or a database puts first."""

from typing import Final

import polars as pl

from transforms.extract_metadata.leads import DATE, LEAD_CHARS, read_leads
from transforms.text.compiled_patterns import contains

_HEAD_CHARS: Final = 900
_HEAD_LINES: Final = 12
# What ends like a sentence and is as long as one, or longer than any line of a header.
_SENTENCE_MIN_CHARS: Final = 60
_LINE_MAX_CHARS: Final = 250
_SENTENCE_END: Final = r"[.!?…]\W{0,3}$"
_RIGHTS: Final = r"(?i)copyright|\(c\)|©|rights reserved"
_IN_BRACKETS: Final = r"^\s*\(.*\)\s*$"


def find_late_datelines(bodies: pl.Series, datelines: pl.Series) -> pl.Series:
    """Places of leads below the first line, null where the first line has a place.

    Only short lines may stand above: second titles, a day, a page, rights. Below the
    first sentence of a text, a place and a dash begin a report within it.

    Args:
        bodies: Bodies of articles.
        datelines: What their first lines say, null for nothing.
    """
    rows = datelines.is_null().arg_true()
    heads = pl.DataFrame(
        [rows.alias("row"), bodies.gather(rows).str.slice(0, _HEAD_CHARS).alias("text")]
    ).filter(pl.col("text").str.contains("\n", literal=True))
    lines = (
        heads.with_columns(pl.col("text").str.split("\n"))
        .explode("text", empty_as_null=False)
        .filter(pl.col("text").str.contains(r"\S"))
        .with_columns(number=pl.int_range(pl.len()).over("row"))
        .filter(pl.col("number") < _HEAD_LINES)
    )
    ends = lines.with_columns(_is_prose(lines["text"]).cast(pl.Int32).alias("is_prose"))
    above = pl.col("is_prose").cum_sum().over("row") - pl.col("is_prose")
    lower = ends.filter((above == 0) & (pl.col("number") > 0))
    found = lower.hstack(read_leads(lower["text"].str.slice(0, LEAD_CHARS)))
    is_sure = (
        ~contains(found["dateline"], r"\p{Ll}")
        | contains(found["dateline_text"], DATE)
        | found["agency"].is_not_null()
    )
    firsts = found.filter(is_sure & found["dateline"].is_not_null()).unique(
        "row", keep="first", maintain_order=True
    )
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(bodies))
    return nothing.scatter(firsts["row"], firsts["dateline"])


def _is_prose(lines: pl.Series) -> pl.Series:
    """Whether lines are sentences of a text."""
    lengths = lines.str.len_chars()
    is_sentence = (lengths >= _SENTENCE_MIN_CHARS) & contains(lines, _SENTENCE_END)
    is_other = contains(lines, _RIGHTS) | contains(lines, _IN_BRACKETS)
    return (is_sentence & ~is_other) | (lengths > _LINE_MAX_CHARS)
