"""The kinds that the shape of a single line speaks for, from the reference list.

What a kind means for the whole document is decided in `transforms.split.split`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.reference import read_reference
from transforms.text.compiled_patterns import contains_each

Rows = npt.NDArray[np.int64]
Gates = Mapping[str, npt.NDArray[np.bool_]]

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
# Whose automaton outgrows its cache unless letters and blanks are those of ASCII.
_WIDE_PLACES: Final = ("agency/tail",)
_ASCII_CLASSES: Final = {
    r"\w": "[0-9A-Za-z_]",
    r"\W": "[^0-9A-Za-z_]",
    r"\d": "[0-9]",
    r"\s": r"[\t-\r ]",
    r"\S": r"[^\t-\r ]",
}


@cache
def _patterns(scopes: tuple[str, ...]) -> dict[tuple[str, str], list[str]]:
    """Patterns by kind and by how they are sought.

    Free patterns stay apart from anchored ones: one automaton for both grows out of its
    cache and is a hundred times slower.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for row in read_reference("line_patterns").iter_rows(named=True):
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


@cache
def _join(patterns: tuple[str, ...]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


@cache
def _any_of(phrases: tuple[str, ...]) -> str:
    """Pattern of phrases: unlike a list of them, it is compiled once for all batches.

    Letters of ASCII alone are sought in both cases, as in a list.
    """
    return "(?i-u:" + "|".join(map(re.escape, phrases)) + ")"


def _by_ascii(pattern: str) -> str:
    """What fits the same texts of ASCII, by a far smaller automaton."""
    for name, characters in _ASCII_CLASSES.items():
        pattern = pattern.replace(name, characters)
    return pattern


def _take(texts: pl.Series, rows: Rows) -> pl.Series:
    """Some texts; not by `gather`, whose plan costs more than most searches here."""
    if len(rows) == len(texts):
        return texts
    return texts[pl.Series(rows.astype(np.uint32))]


def _find_phrases(texts: pl.Series, phrases: list[str]) -> Rows:
    if not phrases or texts.is_empty():
        return np.zeros(0, dtype=np.int64)
    hits = texts.str.contains_any(phrases, ascii_case_insensitive=True)
    return np.flatnonzero(hits.to_numpy())


def _searches(
    texts: pl.Series, scopes: tuple[str, ...], gates: Gates
) -> Iterator[tuple[str, Rows, pl.Series, str]]:
    """Kind, rows of the texts that may be of it, these texts, and its pattern."""
    for (kind, search), some in _patterns(scopes).items():
        place = place_of(kind, search)
        gate = gates.get(place)
        rows = np.arange(len(texts)) if gate is None else np.flatnonzero(gate)
        # Compiling a pattern costs more than a search of a few lines with it.
        if search == "phrase" or not len(rows):
            continue
        pattern, own = _join(tuple(some)), _take(texts, rows)
        if place in _WIDE_PLACES:
            is_ascii = (own.str.len_bytes() == own.str.len_chars()).to_numpy()
            plain, rows = rows[is_ascii], rows[~is_ascii]
            if len(plain):
                yield kind, plain, _take(texts, plain), _by_ascii(pattern)
        if len(rows):
            yield kind, rows, _take(texts, rows), pattern


def match_kinds(
    texts: pl.Series,
    scopes: tuple[str, ...] = SCOPES,
    gates: Gates = MappingProxyType({}),
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
    phrases = {
        kind: some
        for (kind, search), some in _patterns(scopes).items()
        if search == "phrase"
    }
    # Few lines hold a phrase: one search for all leaves few to sort out.
    hopeful = _find_phrases(texts, list(chain(*phrases.values())))
    searches = list(_searches(texts, scopes, gates))
    if len(hopeful):
        own = _take(texts, hopeful)
        searches += [
            (kind, hopeful, own, _any_of(tuple(some))) for kind, some in phrases.items()
        ]
    hits = contains_each([(own, pattern) for _, _, own, pattern in searches])
    for (kind, rows, _, _), is_hit in zip(searches, hits, strict=True):
        found[rows[is_hit.to_numpy()]] |= np.uint32(1 << LINE_KINDS.index(kind))
    return found
