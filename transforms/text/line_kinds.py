"""Of which kinds a line is, by the patterns of `seeds/reference/line_patterns.csv`.

The list says of each pattern who asks for it: the splitter, of every line, or the
cleaner, of the lines on either side of a body. A kind may be told by other patterns
there, where it is known on which side the line stands.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.reference import read_reference
from transforms.text.compiled_patterns import contains_each

Asker = Literal["split", "header", "trailer"]
Rows = npt.NDArray[np.int64]
KindBits = npt.NDArray[np.uint32]
Gates = Mapping[str, npt.NDArray[np.bool_]]
Patterns = Mapping[tuple[str, str], tuple[str, ...]]  # by kind and how it is sought

# In the order that fitted weights and compiled code know; the list has the same.
SPLIT_KINDS: Final = (
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
    "terminator",
)
# Which patterns still mean something on a line too long to be seen whole.
SCOPES: Final = ("line", "head", "tail", "phrase")
_ASKER_SEPARATOR: Final = "; "


@cache
def kinds_of(asked_by: Asker) -> tuple[str, ...]:
    """Kinds that someone asks for, in the order of the list."""
    return tuple(dict.fromkeys(kind for kind, _ in _patterns(asked_by, SCOPES)))


@cache
def _patterns(
    asked_by: Asker, scopes: tuple[str, ...]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Patterns by kind and by how they are sought.

    Free patterns stay apart from anchored ones: one automaton for both grows out of its
    cache and is a hundred times slower.
    """
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    rows = read_reference("line_patterns").select(
        "asked_by", "kind", "scope", "pattern"
    )
    for askers, kind, scope, pattern in rows.iter_rows():
        if asked_by in askers.split(_ASKER_SEPARATOR) and scope in scopes:
            search = scope if scope in ("tail", "phrase") else "start"
            found[kind, search] = (*found.get((kind, search), ()), pattern)
    return found


def place_of(kind: str, search: str) -> str:
    """What gates call the patterns of a kind: by the kind, or as in "agency/tail"."""
    return kind if search == "start" else f"{kind}/{search}"


@cache
def _any_of(search: str, patterns: tuple[str, ...]) -> str:
    """One pattern for some; in phrases, letters of ASCII are sought in both cases."""
    if search == "phrase":
        return "(?i-u:" + "|".join(map(re.escape, patterns)) + ")"
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def _take(texts: pl.Series, rows: Rows) -> pl.Series:
    """Some texts; not by `gather`, whose plan costs more than most searches here."""
    if len(rows) == len(texts):
        return texts
    return texts[pl.Series(rows.astype(np.uint32))]


def find_rows(texts: pl.Series, searches: Sequence[tuple[Rows, str]]) -> list[Rows]:
    """Of each search, some rows and a pattern, the rows whose texts fit it."""
    hits = contains_each([(_take(texts, rows), pattern) for rows, pattern in searches])
    return [
        rows[is_hit.to_numpy()]
        for (rows, _), is_hit in zip(searches, hits, strict=True)
    ]


def _find_likely(
    texts: pl.Series, patterns: Patterns, gates: Gates
) -> dict[tuple[str, str], Rows]:
    """Rows that are worth a search, by kind and by how it is sought.

    Few lines are of any of the kinds that no gate speaks of: one search for all of
    these finds them, and the others are for those few.
    """
    likely: dict[tuple[str, str], Rows] = {}
    ungated: dict[str, list[tuple[str, str]]] = {}
    for kind, search in patterns:
        gate = gates.get(place_of(kind, search))
        if gate is None:
            ungated.setdefault(search, []).append((kind, search))
        else:
            likely[kind, search] = np.flatnonzero(gate)
    for search, keys in ungated.items():
        every = tuple(chain(*(patterns[key] for key in keys)))
        likely |= dict.fromkeys(keys, _find_any(texts, search, every))
    return likely


def _find_any(texts: pl.Series, search: str, patterns: tuple[str, ...]) -> Rows:
    if search == "phrase":  # faster than as a pattern
        hits = texts.str.contains_any(list(patterns), ascii_case_insensitive=True)
        return np.flatnonzero(hits.to_numpy())
    rows = np.arange(len(texts))
    return find_rows(texts, [(rows, _any_of(search, patterns))])[0]


def match_kinds(
    texts: pl.Series,
    asked_by: Asker,
    scopes: tuple[str, ...] = SCOPES,
    gates: Gates = MappingProxyType({}),
) -> KindBits:
    """Bit i of the value is set where the text looks like the i-th of `kinds_of`.

    Args:
        texts: Lines, or their first or last characters, without outer white space.
        asked_by: Whose patterns and kinds.
        scopes: Which patterns apply: to the whole line, its head, its tail, or as a
            phrase anywhere in it.
        gates: By kind, or by kind and scope as in "agency/tail": which texts can be of
            it at all; the others are not searched.

    Returns:
        One value per text, in the same order.

    Example:
        >>> bits = match_kinds(pl.Series(["Source: Example Agency", "* * *"]), "split")
        >>> [[SPLIT_KINDS[i] for i in range(31) if b >> i & 1] for b in bits]
        [['source', 'field', 'field_head'], ['rule', 'bullet']]
    """
    found = np.zeros(len(texts), dtype=np.uint32)
    if texts.is_empty():
        return found
    patterns = _patterns(asked_by, scopes)
    likely = _find_likely(texts, patterns, gates)
    # Compiling a pattern costs more than a search of a few lines with it.
    sought = [key for key in patterns if len(likely[key])]
    searches = [(likely[key], _any_of(key[1], patterns[key])) for key in sought]
    kinds = kinds_of(asked_by)
    for (kind, _), rows in zip(sought, find_rows(texts, searches), strict=True):
        found[rows] |= np.uint32(1 << kinds.index(kind))
    return found
