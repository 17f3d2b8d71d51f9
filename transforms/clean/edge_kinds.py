"""Which kind a header or trailer line is of: the first of the list that it fits."""

from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.text.compiled_patterns import contains
from transforms.text.line_kinds import (
    Gates,
    Rows,
    find_rows,
    kinds_of,
    match_kinds,
    pattern_of,
)

Side = Literal["header", "trailer"]

LINE_MAX_BYTES: Final = 420
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


def name_kinds(texts: pl.Series, side: Side) -> pl.Series:
    """Name of the first kind of the list that a whole line is of, else null.

    Args:
        texts: Lines without outer white space.
        side: Of the body, on which the lines stand.

    Example:
        >>> name_kinds(pl.Series(["Source: X", "He said."]), "trailer").to_list()
        ['source', None]
    """
    kinds = kinds_of(side)
    bits = match_kinds(texts, side, gates=_find_gates(texts, side))
    # All bits below the lowest one that is set; 32 where none is.
    places = np.bitwise_count((bits & (~bits + np.uint32(1))) - np.uint32(1))
    names = pl.Series("kind", [*kinds, None], dtype=pl.String)
    return names.gather(pl.Series(np.minimum(places, len(kinds))))


def _find_gates(texts: pl.Series, side: Side) -> Gates:
    """Which lines can be of each kind."""
    sizes = texts.str.len_bytes().to_numpy()
    lines = np.flatnonzero(sizes <= LINE_MAX_BYTES)
    brief = lines[sizes[lines] <= GATED_MAX_BYTES]
    kinds = kinds_of(side)
    # Few lines are of any kind: one search finds them, the others are for those few.
    plain = "|".join(pattern_of(side, kind) for kind in kinds if kind not in GATES)
    gated = [kind for kind in kinds if kind in GATES]
    likely, late, *found = find_rows(
        texts,
        [
            (lines, plain),
            (brief[sizes[brief] <= LATE_BYLINE_MAX_BYTES], LATE_BYLINE),
            *((lines if kind == "rights" else brief, GATES[kind]) for kind in gated),
        ],
    )
    rows = dict.fromkeys(kinds, likely) | dict(zip(gated, found, strict=True))
    rows["byline"] = np.concatenate([rows["byline"], late])
    if "date_line" in rows:
        rows["date_line"] = likely[~_is_long_date(texts, likely)]
    gates = {kind: np.zeros(len(texts), dtype=bool) for kind in kinds}
    for kind, some in rows.items():
        gates[kind][some] = True
    return gates


def _is_long_date(texts: pl.Series, rows: Rows) -> NDArray[np.bool_]:
    """Whether lines are too long for a date line, or sentences."""
    own = texts.gather(rows)
    is_sentence = contains(own.str.tail(TAIL_CHARS), SENTENCE_END)
    is_long: NDArray[np.bool_] = (
        (own.str.len_bytes() > DATE_LINE_MAX_BYTES) | is_sentence
    ).to_numpy()
    return is_long
