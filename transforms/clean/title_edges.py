"""What stands around a title on its line and is no word of it.

A label is known by itself. Numbers, bullets, ids, days, slugs, and publishers are taken
for marks only where half of a document's titles have one of the kind, for `5 things to
know` is a title, and so is `Crude output falls - Reuters`.
"""

from typing import Final

import numpy as np
import polars as pl

from transforms.text.compiled_patterns import contains, extract, on_own_thread

MARK_MIN_TITLES: Final = 2
MARK_MIN_RATIO: Final = 0.5
_MONTH: Final = r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^\s\d.,]{0,6}\.?"
DAY: Final = (
    rf"(?:(?:19|20)\d\d-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./](?:19|20)?\d\d|"
    rf"(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\s{_MONTH})(?:,?\s(?:19|20)\d\d)?)"
)
# Each with one group: what is taken off. Two words must be left.
_TITLE_WORDS: Final = (
    r"(?:headline|title|heading|subject|hd|hl|ti|titel|titre|título|titolo|"
    r"überschrift|schlagzeile|betreff|objet|kop|заголовок|тема)"
)
TITLE_LABEL: Final = rf"(?i)^(\s*{_TITLE_WORDS}\s?[:：=]\s*)\S+\s+\S"
_FIELD_HEAD: Final = rf"^\s*(?:(?i:{_TITLE_WORDS})\s?[:：=]|(?:HD|HL|TI)\s)"
# Signs of headings and of messengers.
_SIGNS: Final = r"^(\s*(?:#{1,6}\s+|[\p{So}\x{FE0F}\x{203C}\x{2757}\s]+))\S+\s+\S"
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
_TAIL_SIGNS: Final = r"\s[-–—|(]|[<=#+*]|https?:"
_TAIL_MARKS: Final = {
    "day": rf"\S(\s+[-–—|(]\s?{DAY}\)?)\s*$",
    "address": r"\S(\s+[<(\[]?https?://[^\s()<>\[\]]+[>)\]]?)\s*$",
    "tag": r"\S(\s*<[\p{L}\d.]{2,12}>)\s*$",
    "sign": r"\S(\s?[=#+*]{1,3})\s*$",
    "publisher": r"\S(\s+(?:[-–—|]\s+\p{Lu}[^–—|]{1,40}|\(\p{Lu}[^()]{1,40}\)))\s*$",
}


@on_own_thread("title edges")
def trim_titles(title_lines: pl.DataFrame) -> pl.DataFrame:
    """Narrow the lines of titles to the titles themselves.

    Args:
        title_lines: Lines in order: `article_row`, `document_row`, `text`, and their
            ranges in bytes and characters.

    Returns:
        The same rows, the ranges of first and last lines cut where marks stand, and
        `is_field`: the mark in front of a first line says that a title follows.
    """
    rows = title_lines["article_row"].to_numpy()
    changes = rows[1:] != rows[:-1]
    is_first = pl.Series(np.append(True, changes)[: len(rows)])
    is_last = pl.Series(np.append(changes, True)[: len(rows)])
    heads = _find_heads(title_lines.filter(is_first))
    tails = _find_tails(title_lines.filter(is_last))
    sizes = {
        "byte_start": (is_first, heads.str.len_bytes()),
        "char_start": (is_first, heads.str.len_chars()),
        "byte_end": (is_last, -tails.str.len_bytes().cast(pl.Int64)),
        "char_end": (is_last, -tails.str.len_chars().cast(pl.Int64)),
    }
    is_field = contains(heads, _FIELD_HEAD)
    return title_lines.with_columns(
        *(_move(title_lines[n], is_edge, by) for n, (is_edge, by) in sizes.items()),
        is_field=(is_first & False).scatter(is_first.arg_true(), is_field),
    )


def _move(places: pl.Series, is_moved: pl.Series, by: pl.Series) -> pl.Series:
    moved = places.to_numpy().copy()
    moved[is_moved.to_numpy()] += by.to_numpy()
    return pl.Series(places.name, moved)


def _find_heads(lines: pl.DataFrame) -> pl.Series:
    """What to take off in front; empty where there is nothing."""
    found = extract(lines["text"], TITLE_LABEL)
    found = _first_found(found, extract(lines["text"], _SIGNS))
    for pattern in _HEAD_MARKS.values():
        marks = _keep_common(lines, extract(lines["text"], pattern))
        found = _first_found(found, marks)
    return found.fill_null("")


def _first_found(found: pl.Series, others: pl.Series) -> pl.Series:
    """What was found, else what was found later."""
    if others.null_count() == len(others):
        return found
    return found.zip_with(found.is_not_null(), others)


def _find_tails(lines: pl.DataFrame) -> pl.Series:
    """What to take off behind; empty where there is nothing."""
    rows = contains(lines["text"], _TAIL_SIGNS).arg_true()
    signed = lines["text"].gather(rows)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(lines))
    found = nothing
    for pattern in _TAIL_MARKS.values():
        marks = nothing.clone().scatter(rows, extract(signed, pattern))
        found = _first_found(found, _keep_common(lines, marks))
    return found.fill_null("")


def _keep_common(lines: pl.DataFrame, marks: pl.Series) -> pl.Series:
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
