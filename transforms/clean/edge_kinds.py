"""Which kind a header or trailer line is of: the first of the list that it fits."""

from typing import Final, Literal

import numpy as np
import polars as pl

from transforms.text.compiled_patterns import contains
from transforms.text.line_kinds import (
    Gates,
    find_rows,
    kinds_of,
    match_kinds,
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
    "rights": (
        r"(?i)rights reserved|permission|may not be|droits réservés|rechte vorbehalten|"
        r"derechos reservados|diritti riservati|est protégé par|certificat"
    ),
    "byline": (
        r"^\W{0,2}(?:By|BY|by|Par|PAR|Von|VON|Por|POR|Di|From|FROM|(?i:story|texte?|"
        r"texto|words|article|report|written|reported|dispatch|analysis|commentary|"
        r"authors?|автор|autor|auteur))[\s:]"
    ),
    "masthead": r"(?-u:(?:19|20)[0-9][0-9])",
    "date_line": r"(?-u:[0-9])",
    "label": r"^\S+(?:\s\S+)?$",
    "note": r"^[(\[]",
    "address": r"^\S+$|^(?:URL|url|Link|link)",
    "role": (
        r"(?i-u:staff|special|bureau|contributing|from |by |our )|^(?:Of|OF|of) |"
        r"^(?:Von|von|Van|van|от|Наш|наш)"
    ),
    "publisher": (
        r"Times|Post|Herald|Tribune|Gazette|Courier|Chronicle|Observer|Guardian|"
        r"Telegraph|Examiner|Register|Sentinel|Journal|Mirror|Weekly|Monitor|Bulletin|"
        r"Inform|Newsw|Newsp|Wire|Press|News|Agency|Radio|TIMES|POST|HERALD|TRIBUNE|"
        r"GAZETTE|COURIER|CHRONICLE|OBSERVER|WEEKLY|WIRE|PRESS|NEWS|AGENCY|eitung|"
        r"blatt|nzeiger|urier|undschau|achrichten|llgemeine|Courrier|blad|Courant|"
        r"Diario|Periódico|Corriere|Gazeta|Gazzetta|^\S+\.\w+$|^From|^FROM|^Reuters|"
        r"^(?:The )?Associated|^Agence|^[A-Zd][A-Zp][A-Za]{1,2}$|^Interfax|^Xinhua|"
        r"^Bloomberg"
    ),
    "page_line": (
        r"(?i-u:advert|anzeige|publicit|share|print|facebook|twitter|telegram|whatsapp|"
        r"linkedin|viber|copy link|mail|views?|subscri|reply|enlarge|story cont|also|"
        r"lire|lesen|get it|proquest|news|cookie|skip|log ?in|sign in|menu|accept|"
        r"reject|allow|home|photo|image|picture|foto|^vk)|(?i:реклама|просмотр|подел|"
        r"подпис|читайте|новости|авториз|^фото)|[»›]|@|^[-=_*~]{5}"
    ),
    "origin": (
        r"(?i)^\W{0,3}(?:this|originally|first|published|appeared|posted|released|"
        r"issued|courtesy|reprinted|via|taken|from)\s"
    ),
}
# A byline that names the writer first is a short line.
LATE_BYLINE: Final = (
    r"(?i:reports?|reporting|writers?|correspondents?|columnists?|contributors?|"
    r"reporters?|bureau|editors?)\.?$|\s(?:reports?|reporting) from\s|\||\sfor\s\p{Lu}|"
    r"\s\d{1,2},?\s(?:19|20)\d\d$"
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
    # Question marks in a row are blanks of another encoding.
    is_padded = texts.str.starts_with("??")
    if is_padded.any():
        texts = texts.str.strip_chars_start("?").zip_with(is_padded, texts)
    is_short = (texts.str.len_bytes() <= LINE_MAX_BYTES).to_numpy()
    bits = np.zeros(len(texts), dtype=np.uint32)
    short = texts.filter(pl.Series(is_short))
    bits[is_short] = match_kinds(short, side, gates=_find_gates(short, side))
    if "date_line" in kinds:
        dated = np.uint32(1 << kinds.index("date_line"))
        rows = np.flatnonzero(bits & dated)
        is_long = _is_long_date(texts.gather(rows)).to_numpy()
        bits[rows[is_long]] ^= dated
    # All bits below the lowest one that is set; 32 where none is.
    places = np.bitwise_count((bits & (~bits + np.uint32(1))) - np.uint32(1))
    names = pl.Series("kind", [*kinds, None], dtype=pl.String)
    return names.gather(pl.Series(np.minimum(places, len(kinds))))


def _find_gates(texts: pl.Series, side: Side) -> Gates:
    """Which lines can be of the kinds that have a gate."""
    sizes = texts.str.len_bytes().to_numpy()
    brief = np.flatnonzero(sizes <= GATED_MAX_BYTES)
    gated = [kind for kind in kinds_of(side) if kind in GATES]
    every = np.arange(len(texts))
    late, *found = find_rows(
        texts,
        [
            (brief[sizes[brief] <= LATE_BYLINE_MAX_BYTES], LATE_BYLINE),
            *((every if kind == "rights" else brief, GATES[kind]) for kind in gated),
        ],
    )
    gates = {kind: np.zeros(len(texts), dtype=bool) for kind in gated}
    for kind, rows in zip(gated, found, strict=True):
        gates[kind][rows] = True
    gates["byline"][late] = True
    return gates


def _is_long_date(texts: pl.Series) -> pl.Series:
    """Whether lines are too long for a date line, or sentences."""
    is_sentence = contains(texts.str.tail(TAIL_CHARS), SENTENCE_END)
    return (texts.str.len_bytes() > DATE_LINE_MAX_BYTES) | is_sentence
