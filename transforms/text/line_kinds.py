"""Of which kinds a line is, by the patterns of `seeds/reference/line_patterns.csv`.

The list says of each pattern who asks for it: the splitter, of every line, or the
cleaner, of the lines on either side of a body. A kind may be told by other patterns
there, where it is known on which side the line stands.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
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
)
# Which patterns still mean something on a line too long to be seen whole.
SCOPES: Final = ("line", "head", "tail", "phrase")
_ASKER_SEPARATOR: Final = "; "
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


def pattern_of(asked_by: Asker, kind: str) -> str:
    """What a line of a kind fits from its beginning on."""
    return _join(_patterns(asked_by, SCOPES)[kind, "start"])


def place_of(kind: str, search: str) -> str:
    """What gates call the patterns of a kind: by the kind, or as in "agency/tail"."""
    return kind if search == "start" else f"{kind}/{search}"


def places_of(asked_by: Asker, scopes: tuple[str, ...]) -> set[str]:
    """All that gates are asked for where these scopes are sought."""
    return {place_of(kind, search) for kind, search in _patterns(asked_by, scopes)}


@cache
def _join(patterns: tuple[str, ...]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


@cache
def _any_of(phrases: tuple[str, ...]) -> str:
    """Pattern of phrases: unlike a list of them, it is compiled once for all batches.

    Letters of ASCII alone are sought in both cases, as in a list.
    """
    return "(?i-u:" + "|".join(map(re.escape, phrases)) + ")"


@cache
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


def find_rows(texts: pl.Series, searches: Sequence[tuple[Rows, str]]) -> list[Rows]:
    """Of each search, some rows and a pattern, the rows whose texts fit it."""
    hits = contains_each([(_take(texts, rows), pattern) for rows, pattern in searches])
    return [
        rows[is_hit.to_numpy()]
        for (rows, _), is_hit in zip(searches, hits, strict=True)
    ]


def _search_anchored(
    texts: pl.Series, patterns: Mapping[tuple[str, str], tuple[str, ...]], gates: Gates
) -> Iterator[tuple[str, Rows, str]]:
    """Kind, rows of the texts that may be of it, and its pattern."""
    for (kind, search), some in patterns.items():
        place = place_of(kind, search)
        gate = gates.get(place)
        rows = np.arange(len(texts)) if gate is None else np.flatnonzero(gate)
        # Compiling a pattern costs more than a search of a few lines with it.
        if search == "phrase" or not len(rows):
            continue
        pattern = _join(some)
        if place in _WIDE_PLACES:
            own = _take(texts, rows)
            is_ascii = (own.str.len_bytes() == own.str.len_chars()).to_numpy()
            plain, rows = rows[is_ascii], rows[~is_ascii]
            if len(plain):
                yield kind, plain, _by_ascii(pattern)
        if len(rows):
            yield kind, rows, pattern


def _search_phrases(
    texts: pl.Series, patterns: Mapping[tuple[str, str], tuple[str, ...]]
) -> Iterator[tuple[str, Rows, str]]:
    """The same for phrases, which may stand anywhere."""
    phrases = {
        kind: some for (kind, search), some in patterns.items() if search == "phrase"
    }
    if not phrases:
        return
    # Few lines hold a phrase: one search for all leaves few to sort out.
    every = list(chain(*phrases.values()))
    hits = texts.str.contains_any(every, ascii_case_insensitive=True)
    rows = np.flatnonzero(hits.to_numpy())
    if len(rows):
        for kind, some in phrases.items():
            yield kind, rows, _any_of(some)


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
        >>> [[SPLIT_KINDS[i] for i in range(30) if b >> i & 1] for b in bits]
        [['source', 'field', 'field_head'], ['rule', 'bullet']]
    """
    found = np.zeros(len(texts), dtype=np.uint32)
    if texts.is_empty():
        return found
    patterns = _patterns(asked_by, scopes)
    searches = [
        *_search_anchored(texts, patterns, gates),
        *_search_phrases(texts, patterns),
    ]
    hits = find_rows(texts, [(rows, pattern) for _, rows, pattern in searches])
    kinds = kinds_of(asked_by)
    for (kind, _, _), rows in zip(searches, hits, strict=True):
        found[rows] |= np.uint32(1 << kinds.index(kind))
    return found
