"""Which pattern of the reference list a header or trailer line fits."""

from functools import cache
from typing import Final, NamedTuple, Self

import numpy as np
import polars as pl

from transforms.reference import read_reference
from transforms.text.compiled_patterns import contains, on_own_thread

PATTERN_MAX_CHARS: Final = 420
DATE_LINE_MAX_BYTES: Final = 90
TAIL_CHARS: Final = 6
# A sentence ends like this; a line that does is no filler of a header block.
SENTENCE_END: Final = r"[.!?…][\"'”’)\]]*\s*$"
# Kinds whose patterns are sought only where a plain one says that they may fit: all in
# one automaton outgrow its cache.
GATES: Final = {
    "rights": r"(?i)rights reserved|permission|may not be",
    "byline": (
        r"^\W{0,2}(?:By|BY|by|Par|PAR|Von|VON|Por|POR|Di|From|FROM|(?i:story|texte?|"
        r"texto|words|article|report|written|reported|dispatch|analysis|commentary|"
        r"authors?|автор|autor|auteur))[\s:]"
    ),
    "masthead": r"(?-u:(?:19|20)[0-9][0-9])",
    "origin": (
        r"(?i)^\W{0,3}(?:this|originally|first|published|appeared|posted|released|"
        r"issued|courtesy|reprinted|via|taken|from)\s"
    ),
}
# A byline that names the writer first is a short line.
LATE_BYLINE: Final = (
    r"(?i:reports?|reporting|writers?|correspondents?|columnists?|contributors?|"
    r"reporters?)\.?$|\s(?:reports?|reporting) from\s"
)
LATE_BYLINE_MAX_BYTES: Final = 120
GATED_MAX_BYTES: Final = 200


@cache
def _patterns(zone: str) -> dict[str, str]:
    rows = read_reference("role_patterns").filter(pl.col("zone").is_in([zone, "both"]))
    by_kind = rows.group_by("kind", maintain_order=True).agg("pattern")
    # A word boundary by ASCII keeps the fast matcher on lines with curly quotes.
    return {
        kind: "|".join(f"(?:{p})" for p in found).replace(r"\b", r"(?-u:\b)")
        for kind, found in by_kind.rows()
    }


def match_kinds(texts: pl.Series, zone: str) -> pl.Series:
    """Name of the first pattern of the zone that a whole line fits, else null.

    Args:
        texts: Lines without outer white space.
        zone: `header` or `trailer`.

    Example:
        >>> match_kinds(pl.Series(["Source: X", "He said."]), "trailer").to_list()
        ['source', None]
    """
    return on_own_thread(f"line kinds: {zone}", _match_kinds, texts, _patterns(zone))


class _Lines(NamedTuple):
    """Some of the lines and their rows."""

    rows: pl.Series
    texts: pl.Series

    def where(self, is_kept: pl.Series) -> Self:
        return self._replace(
            rows=self.rows.filter(is_kept), texts=self.texts.filter(is_kept)
        )


def _match_kinds(texts: pl.Series, patterns: dict[str, str]) -> pl.Series:
    rows = pl.int_range(len(texts), dtype=pl.UInt32, eager=True)
    lines = _Lines(rows, texts).where(texts.str.len_bytes() <= PATTERN_MAX_CHARS)
    brief = lines.where(lines.texts.str.len_bytes() <= GATED_MAX_BYTES)
    # Few lines match at all: one pass finds them, the rest is for those few.
    plain = [pattern for kind, pattern in patterns.items() if kind not in GATES]
    likely = lines.where(contains(lines.texts, "|".join(plain)))
    first = np.full(len(texts), len(patterns), dtype=np.uint32)
    for number, (kind, pattern) in enumerate(patterns.items()):
        pool = likely
        if kind in GATES:
            pool = _may_be(lines if kind == "rights" else brief, kind)
        if pool.rows.is_empty():
            continue
        is_match = contains(pool.texts, pattern)
        if kind == "date_line":
            is_match &= ~_is_long_date(pool.texts)
        found = pool.rows.filter(is_match).to_numpy()
        first[found] = np.minimum(first[found], number)
        if kind not in GATES:
            likely = likely.where(~is_match)
    return pl.Series("kind", [*patterns, None]).gather(pl.Series(first))


def _may_be(lines: _Lines, kind: str) -> _Lines:
    """The lines that the pattern of a gated kind may fit."""
    may_be = contains(lines.texts, GATES[kind])
    if kind == "byline":
        is_short = lines.texts.str.len_bytes() <= LATE_BYLINE_MAX_BYTES
        may_be |= contains(lines.texts.set(~is_short, None), LATE_BYLINE).fill_null(
            value=False
        )
    return lines.where(may_be)


def _is_long_date(texts: pl.Series) -> pl.Series:
    """Whether lines are too long for a date line, or sentences."""
    is_sentence = contains(texts.str.tail(TAIL_CHARS), SENTENCE_END)
    return (texts.str.len_bytes() > DATE_LINE_MAX_BYTES) | is_sentence
