"""The kinds that the shape of a single line speaks for, from the reference list.

What a kind means for the whole document is decided in `transforms.split`.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

PATTERNS_FILE: Final = (
    Path(__file__).parents[1] / "seeds" / "reference" / "line_patterns.csv"
)
LINE_KINDS: Final = (
    "source",
    "copyright",
    "credits",
    "more",
    "tags",
    "media",
    "agency",
    "end_mark",
    "record",
    "id",
    "byline",
    "name",
    "dateline",
    "published",
    "field",
    "field_head",
    "field_title",
    "field_body",
    "field_tail",
    "word_count",
    "date",
    "rule",
    "toc",
    "mast",
    "cover",
    "footer",
    "section",
    "bullet",
    "number",
    "bracket",
)
# Which patterns still mean something on a line too long to be seen whole.
SCOPES: Final = ("line", "head", "tail", "phrase")


@cache
def _patterns(scopes: tuple[str, ...]) -> dict[tuple[int, str], list[str]]:
    """Patterns of the scopes by the bit of their kind and by how they are sought."""
    with PATTERNS_FILE.open(encoding="utf-8", newline="") as rows:
        patterns = [row for row in csv.DictReader(rows) if row["scope"] in scopes]
    grouped: dict[tuple[int, str], list[str]] = {}
    for row in patterns:
        if row["kind"] in LINE_KINDS:
            # Free patterns apart from anchored ones: one automaton for both grows out
            # of its cache and is a hundred times slower.
            search = row["scope"] if row["scope"] in ("tail", "phrase") else "start"
            key = (LINE_KINDS.index(row["kind"]), search)
            grouped.setdefault(key, []).append(row["pattern"])
    return grouped


def _search(text: pl.Expr, search: str, patterns: list[str]) -> pl.Expr:
    if search == "phrase":
        return text.str.contains_any(patterns, ascii_case_insensitive=True)
    return text.str.contains("|".join(f"(?:{pattern})" for pattern in patterns))


def match_kinds(texts: pl.Series, scopes: tuple[str, ...] = SCOPES) -> pl.Series:
    """Bit i of the value is set where the text looks like `LINE_KINDS[i]`.

    Args:
        texts: Lines, or their first or last characters, without outer white space.
        scopes: Which patterns apply: to the whole line, its head, its tail, or as a
            phrase anywhere in it.

    Returns:
        UInt32 in the same order.

    Example:
        >>> bits = match_kinds(pl.Series(["Source: Example Agency", "* * *"]))
        >>> [[LINE_KINDS[i] for i in range(30) if b >> i & 1] for b in bits]
        [['source', 'field', 'field_head'], ['rule', 'bullet']]
    """
    found = pl.DataFrame({"text": texts}).select(
        pl.fold(
            pl.lit(0, dtype=pl.UInt32),
            lambda bits, more: bits | more,
            [
                _search(pl.col("text"), search, patterns).cast(pl.UInt32) * (1 << bit)
                for (bit, search), patterns in _patterns(scopes).items()
            ],
        ).alias("bits")
    )
    return found["bits"].cast(pl.UInt32)
