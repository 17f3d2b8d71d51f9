"""Which lines of an article are header, body, subhead, or trailer.

The splitter says where an article begins and ends and which lines are its title; this
module looks at the first and the last lines of each article alone, so its cost grows
with the number of articles, not with their length.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.buffers import Offsets
from transforms.contracts import LineRole
from transforms.reference import read_reference

HEADER_ZONE_LINES: Final = 18
TRAILER_ZONE_LINES: Final = 30
PATTERN_MAX_CHARS: Final = 420
HEADER_FILLER_MAX_BYTES: Final = 60
DATE_LINE_MAX_BYTES: Final = 90
TRAILER_FILLER_MAX_BYTES: Final = 90
UNANCHORED_KINDS: Final = ("rights",)
RIGHTS_WORDS: Final = r"(?i)rights reserved|permission|may not be"
FOOT_LINES: Final = 6
NO_SUBHEAD: Final = r"[.,;:!?…)\d]\s*$|^\W*[\p{Ll}\d]"
TAIL_CHARS: Final = 6
MIN_COPIES: Final = 3
MAX_BYLINES: Final = 2
_FAR: Final = 1 << 40
SUBHEAD_MAX_BYTES: Final = 60
# A sentence ends like this; a line that does is no filler of a header block.
SENTENCE_END: Final = r"[.!?…][\"'”’)\]]*\s*$"


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
    line = pl.col("line")
    patterns = _patterns(zone)
    is_sentence = line.str.tail(TAIL_CHARS).str.contains(SENTENCE_END)
    is_long_date = (line.str.len_bytes() > DATE_LINE_MAX_BYTES) | is_sentence
    kinds = pl.lit(None, dtype=pl.String)
    for kind, pattern in reversed(patterns.items()):
        is_match = line.str.contains(pattern)
        if kind == "date_line":
            is_match &= ~is_long_date
        kinds = pl.when(is_match).then(pl.lit(kind)).otherwise(kinds)
    # Few lines match at all: one pass finds them, the rest is for those few.
    found = (
        texts.alias("line")
        .to_frame()
        .lazy()
        .with_row_index("row")
        .filter(line.str.len_bytes() <= PATTERN_MAX_CHARS)
        .filter(_is_candidate(line, patterns))
        .select("row", kind=kinds)
        .collect()
    )
    names = pl.Series("kind", [None], dtype=pl.String).new_from_index(0, len(texts))
    return names.scatter(found["row"], found["kind"])


def _is_candidate(line: pl.Expr, patterns: dict[str, str]) -> pl.Expr:
    """Whether any pattern may match: anchored ones in one pass, the rest by words."""
    anchored = "|".join(
        pattern for kind, pattern in patterns.items() if kind not in UNANCHORED_KINDS
    )
    return line.str.contains(anchored) | line.str.contains(RIGHTS_WORDS)


def refine_roles(lines: pl.DataFrame) -> pl.DataFrame:
    """Tell header, trailer, and subhead lines from body lines.

    Args:
        lines: SPLIT_LINES. Where it says header or trailer of a line that reads like
            a paragraph, the line is body all the same.

    Returns:
        The same rows with final roles, and `kind`: the pattern of a header or trailer
        line, `filler` where it stands between such lines, null elsewhere.
    """
    inked = lines.with_row_index("place").filter(
        pl.col("article_row").is_not_null()
        & ~pl.col("role").is_in([LineRole.BLANK, LineRole.SEPARATOR])
    )
    view = _rank_lines(inked)
    headers = _find_headers(view)
    trailers = _find_trailers(view, headers)
    roles = lines["role"].replace([LineRole.HEADER, LineRole.TRAILER], LineRole.BODY)
    roles = roles.scatter(headers["place"], LineRole.HEADER.value)
    roles = roles.scatter(trailers["place"], LineRole.TRAILER.value)
    kinds = pl.Series("kind", [None], dtype=pl.String).new_from_index(0, len(lines))
    kinds = kinds.scatter(headers["place"], headers["kind"])
    kinds = kinds.scatter(trailers["place"], trailers["kind"])
    ranked = lines.with_columns(roles, kinds)
    return ranked.with_columns(_subheads(ranked))


@dataclass(frozen=True)
class RankedLines:
    """Lines with ink, article by article, and where each stands in its article.

    Attributes:
        rows: `place` (row of the batch's lines), `document_row`, `role`, `text`.
        segments: Number of the article of each line, from 0.
        ranks: Lines after the title line; negative before it.
        left: Lines to the article's end, 1 for its last.
        last_substantial: Per article, rank of its last line that reads like text.
    """

    rows: pl.DataFrame
    segments: Offsets
    ranks: Offsets
    left: Offsets
    last_substantial: Offsets

    def segment_max(self, at: Offsets, values: Offsets) -> Offsets:
        """Largest value per article of some of its lines; -1 where it has none."""
        found = np.full(len(self.last_substantial), -1, dtype=np.int64)
        np.maximum.at(found, self.segments[at], values)
        return found

    def segment_min(self, at: Offsets, values: Offsets) -> Offsets:
        """Smallest value per article of some of its lines; huge where it has none."""
        return -self.segment_max(at, _FAR - values) + _FAR


def _rank_lines(inked: pl.DataFrame) -> RankedLines:
    articles = inked["article_row"].to_numpy()
    is_first = np.append(True, articles[1:] != articles[:-1])[: len(articles)]
    firsts = np.flatnonzero(is_first)
    segments = np.cumsum(is_first) - 1
    sizes = np.diff(np.append(firsts, len(articles)))
    places = np.arange(len(articles)) - firsts[segments]
    is_title = (inked["role"] == LineRole.TITLE).to_numpy()
    titles = np.flatnonzero(is_title)
    title_places = np.full(len(firsts), -1, dtype=np.int64)
    # Reversed, so that the first title line of an article is written last.
    title_places[segments[titles[::-1]]] = places[titles[::-1]]
    ranks = places - title_places[segments]
    substantial = np.flatnonzero(
        inked.select(_is_substantial(pl.col("text"))).to_series().to_numpy()
    )
    last_substantial = (sizes - 1) - title_places
    has_any = np.unique(segments[substantial])
    last_substantial[has_any] = 0
    np.maximum.at(last_substantial, segments[substantial], ranks[substantial])
    return RankedLines(
        rows=inked.select("place", "document_row", "role", "text"),
        segments=segments,
        ranks=ranks,
        left=sizes[segments] - places,
        last_substantial=last_substantial,
    )


def _is_sentence(text: pl.Expr) -> pl.Expr:
    return text.str.tail(TAIL_CHARS).str.contains(SENTENCE_END)


def _is_substantial(text: pl.Expr) -> pl.Expr:
    """Whether a line reads like a paragraph: long, or closed like a sentence."""
    return (text.str.len_bytes() > TRAILER_FILLER_MAX_BYTES) | _is_sentence(text)


def _zone(view: RankedLines, at: Offsets, name: str, filler_bytes: int) -> pl.DataFrame:
    """Lines at some places with `kind`, `is_strong`, and `is_filler`."""
    text = pl.col("text")
    zone = view.rows[at].with_columns(text.str.strip_chars())
    return zone.with_columns(match_kinds(zone["text"], name)).with_columns(
        is_strong=pl.col("kind").is_not_null(),
        is_filler=(text.str.len_bytes() <= filler_bytes) & ~_is_sentence(text),
    )


def _has_role(zone: pl.DataFrame, role: LineRole) -> npt.NDArray[np.bool_]:
    return (zone["role"] == role).to_numpy()


def _find_headers(view: RankedLines) -> pl.DataFrame:
    """Header lines: all before the title, and the block of field lines after it.

    Returns:
        `place` and `kind` of each.
    """
    is_title = (view.rows["role"] == LineRole.TITLE).to_numpy()
    at = np.flatnonzero((view.ranks <= HEADER_ZONE_LINES) & ~is_title)
    zone = _zone(view, at, "header", HEADER_FILLER_MAX_BYTES)
    ranks, segments = view.ranks[at], view.segments[at]
    kinds = zone["kind"]
    is_byline = (kinds == "byline").fill_null(value=False).to_numpy()
    is_filler = zone["is_filler"].to_numpy()
    follows_publisher = np.append(
        False, (kinds == "published_by").fill_null(value=False).to_numpy()[:-1]
    )[: len(at)]
    is_strong = (
        (zone["is_strong"].to_numpy() & ~is_byline)
        | (ranks < 0)
        | (is_filler & (follows_publisher | _has_role(zone, LineRole.HEADER)))
    )
    bad = np.flatnonzero(~is_strong & ~is_filler)
    first_bad = view.segment_min(at[bad], ranks[bad])
    strong = np.flatnonzero(is_strong & (ranks < first_bad[segments]) & (ranks > 0))
    last = np.maximum(view.segment_max(at[strong], ranks[strong]), 0)
    # A block that would leave no body at all is no header.
    spares_body = (last < view.last_substantial)[segments]
    past_block = ranks - np.where(spares_body, last[segments], 0)
    is_header = (
        (ranks < 0) | (past_block <= 0) | (is_byline & (past_block <= MAX_BYLINES))
    ) & (view.left[at] > 1)
    return zone.filter(pl.Series(is_header)).select(
        "place", pl.col("kind").fill_null("filler")
    )


def _find_trailers(view: RankedLines, headers: pl.DataFrame) -> pl.DataFrame:
    """Trailer lines: from the first that says so, if nothing but such lines follow.

    Returns:
        `place` and `kind` of each.
    """
    is_header = np.isin(view.rows["place"].to_numpy(), headers["place"].to_numpy())
    at = np.flatnonzero(
        (view.left <= TRAILER_ZONE_LINES) & (view.ranks > 0) & ~is_header
    )
    zone = _zone(view, at, "trailer", TRAILER_FILLER_MAX_BYTES)
    ranks, segments = view.ranks[at], view.segments[at]
    is_strong = (
        zone["is_strong"].to_numpy()
        | (zone["is_filler"].to_numpy() & _has_role(zone, LineRole.TRAILER))
        | _is_repeated(zone, view.left[at])
    )
    opening = np.flatnonzero(
        (zone["kind"] == "section").fill_null(value=False).to_numpy()
    )
    section = view.segment_min(at[opening], ranks[opening])
    is_bad = ~is_strong & ~zone["is_filler"].to_numpy() & (ranks < section[segments])
    bad = np.flatnonzero(is_bad)
    last_bad = view.segment_max(at[bad], ranks[bad])
    strong = np.flatnonzero(is_strong & (ranks > last_bad[segments]))
    first = view.segment_min(at[strong], ranks[strong])
    return zone.filter(pl.Series(ranks >= first[segments])).select(
        "place", pl.col("kind").fill_null("filler")
    )


def _is_repeated(zone: pl.DataFrame, left: Offsets) -> npt.NDArray[np.bool_]:
    """Whether the same short line stands near the end of several articles of a file."""
    foot = zone.with_row_index("row").filter(
        pl.Series(left <= FOOT_LINES) & pl.col("is_filler")
    )
    copies = foot.filter(pl.len().over("document_row", "text") >= MIN_COPIES)
    is_repeated = np.zeros(len(zone), dtype=bool)
    is_repeated[copies["row"].to_numpy()] = True
    return is_repeated


def _subheads(lines: pl.DataFrame) -> pl.Series:
    """Roles, with short unpunctuated lines that stand alone marked as subheads."""
    role = pl.col("role")
    stands_alone = (
        (role == LineRole.BODY)
        & (role.shift(1) == LineRole.BLANK)
        & (role.shift(-1) == LineRole.BLANK)
        & (role.shift(-2) == LineRole.BODY)
        & (pl.col("text").str.len_bytes() <= SUBHEAD_MAX_BYTES)
        & (pl.col("text").str.len_bytes().shift(-2) > SUBHEAD_MAX_BYTES)
    )
    alone = lines.with_row_index("row").filter(stands_alone)
    subheads = alone.filter(~pl.col("text").str.contains(NO_SUBHEAD))["row"]
    return lines["role"].scatter(subheads, LineRole.SUBHEAD.value)
