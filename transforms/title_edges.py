"""What stands around a title on its line and is no word of it.

A label is known by itself. Numbers, bullets, ids, days, slugs, and publishers are taken
for marks only where half of a document's titles have one of the kind, for `5 things to
know` is a title, and so is `Crude output falls - Reuters`.
"""

from typing import Final

import polars as pl

from transforms.patterns import contains, extract, on_own_thread

MARK_MIN_TITLES: Final = 2
MARK_MIN_RATIO: Final = 0.5
_MONTH: Final = r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^\s\d.,]{0,6}\.?"
DAY: Final = (
    rf"(?:(?:19|20)\d\d-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./](?:19|20)?\d\d|"
    rf"(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\s{_MONTH})(?:,?\s(?:19|20)\d\d)?)"
)
# Each with one group: what is taken off. Two words must be left.
_LABEL: Final = (
    r"^(\s*(?:(?i:headline|title|heading|hd|hl|ti)\s?[:：=]\s*|#{1,6}\s+))\S+\s+\S"
)
_HEAD_MARKS: Final = {
    "number": r"^(\s*[\[(#]?\s?\d{1,3}\s?[.)\]:]\s*)[^\s\d]\S*\s+\S",
    "hash": r"^(\s*(?:#|№|(?i:no|nr)\.)\s?\d{1,3}[.:)]?\s+)\S+\s+\S",
    "item": r"^(\s*(?i:item|story|article)\s#?\d{1,4}\s?[.:)–-]\s*)\S+\s+\S",
    "bullet": r"^(\s*[•●◦▪■□►▸▶‣·➢➤✓→»›*+>–—-]{1,3}\s+)\S+\s+\S",
    "id": r"^(\s*\p{Lu}{1,5}\d{3,}\p{Lu}?\s?[.:–-]?\s+)\S+\s+\S",
    "code": r"^(\s*(?:HD|HL|TI)\s+)\S+\s+\S",
    "plain": r"^(\s*\d{1,4}(?:/\d{2,4})?\s+)\p{L}\S*\s+\S",
    "slug": r"^(\s*\p{Lu}{2,6}-)\p{Lu}\S*\s+\S",
    "place": r"^(\s*\p{Lu}[\p{Lu} .'-]{2,30}:\s+)\S+\s+\S",
    "day": rf"^(\s*\[?{DAY}\]?\s?[.:,|–—-]?\s+)\S+\s+\S",
}
# What a title with a mark behind it holds; most titles hold nothing of it.
_TAIL_SIGNS: Final = r"\s[-–—|(]|[<=#+*]"
_TAIL_MARKS: Final = {
    "day": rf"\S(\s+[-–—|(]\s?{DAY}\)?)\s*$",
    "tag": r"\S(\s*<[\p{L}\d.]{2,12}>)\s*$",
    "sign": r"\S(\s?[=#+*]{1,3})\s*$",
    "publisher": r"\S(\s+(?:[-–—|]\s+\p{Lu}[^–—|]{1,40}|\(\p{Lu}[^()]{1,40}\)))\s*$",
}


def trim_titles(title_lines: pl.DataFrame) -> pl.DataFrame:
    """Narrow the lines of titles to the titles themselves.

    Args:
        title_lines: Lines in order: `article_row`, `document_row`, `text`, and their
            ranges in bytes and characters.

    Returns:
        The same rows, the ranges of first and last lines cut where marks stand.
    """
    return on_own_thread("title edges", _trim_titles, title_lines)


def _trim_titles(title_lines: pl.DataFrame) -> pl.DataFrame:
    rows = title_lines["article_row"]
    is_first = (rows != rows.shift(1)).fill_null(value=True)
    is_last = (rows != rows.shift(-1)).fill_null(value=True)
    heads = _find_heads(title_lines.filter(is_first))
    tails = _find_tails(title_lines.filter(is_last))
    empty = pl.Series("", [""], dtype=pl.String).new_from_index(0, len(title_lines))
    cut = title_lines.with_columns(
        empty.scatter(is_first.arg_true(), heads).alias("head"),
        empty.scatter(is_last.arg_true(), tails).alias("tail"),
    )
    return cut.with_columns(
        byte_start=pl.col("byte_start") + pl.col("head").str.len_bytes(),
        char_start=pl.col("char_start") + pl.col("head").str.len_chars(),
        byte_end=pl.col("byte_end") - pl.col("tail").str.len_bytes(),
        char_end=pl.col("char_end") - pl.col("tail").str.len_chars(),
    ).drop("head", "tail")


def _find_heads(lines: pl.DataFrame) -> pl.Series:
    """What to take off in front; empty where there is nothing."""
    found = [extract(lines["text"], _LABEL).alias("label")]
    for name, pattern in _HEAD_MARKS.items():
        found.append(_common(lines, extract(lines["text"], pattern)).alias(name))
    return pl.DataFrame(found).select(pl.coalesce(pl.all(), pl.lit(""))).to_series()


def _find_tails(lines: pl.DataFrame) -> pl.Series:
    """What to take off behind; empty where there is nothing."""
    rows = contains(lines["text"], _TAIL_SIGNS).arg_true()
    signed = lines["text"].gather(rows)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(lines))
    found = []
    for mark, pattern in _TAIL_MARKS.items():
        marks = nothing.scatter(rows, extract(signed, pattern))
        found.append(_common(lines, marks).alias(mark))
    return pl.DataFrame(found).select(pl.coalesce(pl.all(), pl.lit(""))).to_series()


def _common(lines: pl.DataFrame, marks: pl.Series) -> pl.Series:
    """Marks of documents in which enough titles have one; null for the others."""
    if marks.null_count() == len(marks):
        return marks
    has_mark = pl.col("mark").is_not_null()
    count = has_mark.sum().over("document_row")
    is_common = (count >= MARK_MIN_TITLES) & (
        count >= MARK_MIN_RATIO * pl.len().over("document_row")
    )
    return (
        lines.select("document_row", marks.alias("mark"))
        .select(pl.when(is_common & has_mark).then("mark"))
        .to_series()
    )
