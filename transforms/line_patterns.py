"""The kinds that the shape of a single line speaks for, from the reference list.

What a kind means for the whole document is decided in `transforms.split`.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.patterns import contains

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
def _patterns(scopes: tuple[str, ...]) -> dict[tuple[str, str], list[str]]:
    """Patterns by kind and by how they are sought.

    Free patterns stay apart from anchored ones: one automaton for both grows out of its
    cache and is a hundred times slower.
    """
    found: dict[tuple[str, str], list[str]] = {}
    with PATTERNS_FILE.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["scope"] in scopes and row["kind"] in LINE_KINDS:
                free = row["scope"] in ("tail", "phrase")
                search = row["scope"] if free else "start"
                found.setdefault((row["kind"], search), []).append(row["pattern"])
    return found


def place_of(kind: str, search: str) -> str:
    """What gates call the patterns of a kind: by the kind, or as in "agency/tail"."""
    return kind if search == "start" else f"{kind}/{search}"


def places_of(scopes: tuple[str, ...]) -> set[str]:
    """All that gates are asked for where these scopes are sought."""
    return {place_of(kind, search) for kind, search in _patterns(scopes)}


def _search(texts: pl.Series, search: str, patterns: list[str]) -> pl.Series:
    if search == "phrase":
        return texts.str.contains_any(patterns, ascii_case_insensitive=True)
    return contains(texts, "|".join(f"(?:{pattern})" for pattern in patterns))


def match_kinds(
    texts: pl.Series,
    scopes: tuple[str, ...] = SCOPES,
    gates: Mapping[str, npt.NDArray[np.bool_]] | None = None,
) -> npt.NDArray[np.uint32]:
    """Bit i of the value is set where the text looks like `LINE_KINDS[i]`.

    Args:
        texts: Lines, or their first or last characters, without outer white space.
        scopes: Which patterns apply: to the whole line, its head, its tail, or as a
            phrase anywhere in it.
        gates: By kind, or by kind and scope as in "agency/tail": which texts can be of
            it at all; the others are not searched.

    Returns:
        One value per text, in the same order.

    Example:
        >>> bits = match_kinds(pl.Series(["Source: Example Agency", "* * *"]))
        >>> [[LINE_KINDS[i] for i in range(30) if b >> i & 1] for b in bits]
        [['source', 'field', 'field_head'], ['rule', 'bullet']]
    """
    found = np.zeros(len(texts), dtype=np.uint32)
    if texts.is_empty():
        return found
    patterns = _patterns(scopes)
    phrases = [
        pattern
        for (_, search), some in patterns.items()
        if search == "phrase"
        for pattern in some
    ]
    everything = np.arange(len(texts))
    # Few lines hold a phrase: one search for all leaves few to sort out.
    hopeful = everything
    if phrases:
        hopeful = np.flatnonzero(_search(texts, "phrase", phrases).to_numpy())
    for (kind, search), some in patterns.items():
        gate = (gates or {}).get(place_of(kind, search))
        rows = everything if gate is None else np.flatnonzero(gate)
        rows = hopeful if search == "phrase" else rows
        # Compiling a pattern costs more than a search of a few lines with it.
        if not len(rows):
            continue
        own = texts
        if len(rows) < len(texts):
            # By index, not by `gather`, whose plan costs more than most searches here.
            own = texts[pl.Series(rows.astype(np.uint32))]
        hits = _search(own, search, some).to_numpy()
        found[rows[hits]] |= np.uint32(1 << LINE_KINDS.index(kind))
    return found
