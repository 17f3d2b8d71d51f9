"""Which lines of an article are header, body, subhead, or trailer.

The splitter says where an article begins and ends and which lines are its title; this
module looks at the first and the last lines of each article alone, so its cost grows
with the number of articles, not with their length.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.clean.edge_kinds import Side, name_kinds
from transforms.clean.line_shape_kernels import Flags, describe_shapes
from transforms.contracts import LineRole
from transforms.text.buffers import ByteArray, Offsets, slice_text
from transforms.text.compiled_patterns import contains

HEADER_ZONE_LINES: Final = 18
TRAILER_ZONE_LINES: Final = 30
# Most zones end within the first lines; the rest is looked at only where they do not.
HEADER_FIRST_LINES: Final = 4
SECTION_MAX_BYTES: Final = 24
HEADER_FILLER_MAX_BYTES: Final = 60
TRAILER_FILLER_MAX_BYTES: Final = 90
FOOT_LINES: Final = 6
NO_SUBHEAD: Final = r"[.,;:!?…)\d]\s*$|^\W*[\p{Ll}\d]"
_WORD = r"\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?"
NAME_ALONE: Final = rf"^{_WORD}(?:\s\p{{Lu}}\.)?(?:\s{_WORD}){{1,2}}$"
MIN_COPIES: Final = 3
MAX_BYLINES: Final = 2
# A deck may stand between a title and the lines that say who wrote what where and when.
DECK_MAX_LINES: Final = 4
DECK_MAX_BYTES: Final = 160
BLOCK_KINDS: Final = (
    "byline",
    "copyright",
    "date_line",
    "field",
    "masthead",
    "publisher",
    "role",
    "word_count",
)
_FAR: Final = 1 << 40
SUBHEAD_MAX_BYTES: Final = 60


def refine_roles(data: ByteArray, lines: pl.DataFrame) -> pl.DataFrame:
    """Tell header, trailer, and subhead lines from body lines.

    Args:
        data: UTF-8 bytes of the batch.
        lines: SPLIT_LINES. Where it says header or trailer of a line that reads like
            a paragraph, the line is body all the same.

    Returns:
        The same rows with final roles, and `kind`: the pattern of a header or trailer
        line, `filler` where it stands between such lines, null elsewhere.
    """
    filled = lines.with_row_index("place").filter(is_filled_line(lines))
    ranked = _rank_lines(data, filled)
    headers = _find_headers(ranked)
    trailers = _find_trailers(ranked, headers)
    roles = lines["role"].replace([LineRole.HEADER, LineRole.TRAILER], LineRole.BODY)
    roles = roles.scatter(headers["place"], LineRole.HEADER.value)
    roles = roles.scatter(trailers["place"], LineRole.TRAILER.value)
    kinds = pl.Series("kind", [None], dtype=pl.String).new_from_index(0, len(lines))
    kinds = kinds.scatter(headers["place"], headers["kind"])
    kinds = kinds.scatter(trailers["place"], trailers["kind"])
    refined = lines.with_columns(roles, kinds)
    return refined.with_columns(_subheads(refined))


def is_filled_line(lines: pl.DataFrame) -> pl.Series:
    """Whether each line is one of an article and no blank."""
    role = lines["role"]
    is_blank = (role == LineRole.BLANK) | (role == LineRole.SEPARATOR)
    return lines["article_row"].is_not_null() & ~is_blank


@dataclass(frozen=True)
class RankedLines:
    """Filled lines, article by article, and where each stands in its article.

    Attributes:
        data: UTF-8 bytes of the batch.
        rows: `place` (row of the batch's lines), `document_row`, `role`.
        starts: First byte of each line that is no blank.
        ends: End of its last character that is no blank.
        closes: Whether it ends like a sentence.
        numbers: Of the article of each line, from 0.
        ranks: Lines after the title line; negative before it.
        left: Lines to the article's end, 1 for its last.
        last_substantial: Per article, rank of its last line that reads like text.
    """

    data: ByteArray
    rows: pl.DataFrame
    starts: Offsets
    ends: Offsets
    closes: Flags
    numbers: Offsets
    ranks: Offsets
    left: Offsets
    last_substantial: Offsets

    @property
    def sizes(self) -> Offsets:
        """Bytes of each line without outer blanks."""
        sizes: Offsets = self.ends - self.starts
        return sizes

    def texts(self, at: Offsets) -> pl.Series:
        """Some of the lines, in order, without outer blanks."""
        return slice_text(self.data, self.starts[at], self.ends[at])

    def articles_with(self, at: Offsets) -> Flags:
        """Per article whether it has one of these lines."""
        has = np.zeros(len(self.last_substantial), dtype=bool)
        has[self.numbers[at]] = True
        return has

    def article_max(self, at: Offsets, values: Offsets) -> Offsets:
        """Largest value per article of some of its lines; -1 where it has none."""
        found = np.full(len(self.last_substantial), -1, dtype=np.int64)
        np.maximum.at(found, self.numbers[at], values)
        return found

    def article_min(self, at: Offsets, values: Offsets) -> Offsets:
        """Smallest value per article of some of its lines; huge where it has none."""
        return -self.article_max(at, _FAR - values) + _FAR


def _rank_lines(data: ByteArray, filled: pl.DataFrame) -> RankedLines:
    articles = filled["article_row"].to_numpy()
    is_first = np.append(True, articles[1:] != articles[:-1])[: len(articles)]
    firsts = np.flatnonzero(is_first)
    numbers = np.cumsum(is_first) - 1
    counts = np.diff(np.append(firsts, len(articles)))
    places = np.arange(len(articles)) - firsts[numbers]
    is_title = (filled["role"] == LineRole.TITLE).to_numpy()
    titles = np.flatnonzero(is_title)
    title_places = np.full(len(firsts), -1, dtype=np.int64)
    # Reversed, so that the first title line of an article is written last.
    title_places[numbers[titles[::-1]]] = places[titles[::-1]]
    ranks = places - title_places[numbers]
    starts, ends = filled["byte_start"].to_numpy(), filled["byte_end"].to_numpy()
    shapes = describe_shapes(data, starts, ends)
    # A line that is long, or closed like a sentence, reads like a paragraph.
    substantial = np.flatnonzero(
        (ends - starts > TRAILER_FILLER_MAX_BYTES) | shapes.closes
    )
    last_substantial = (counts - 1) - title_places
    last_substantial[numbers[substantial]] = 0
    np.maximum.at(last_substantial, numbers[substantial], ranks[substantial])
    return RankedLines(
        data=data,
        rows=filled.select("place", "document_row", "role"),
        starts=shapes.starts,
        ends=shapes.ends,
        closes=shapes.closes,
        numbers=numbers,
        ranks=ranks,
        left=counts[numbers] - places,
        last_substantial=last_substantial,
    )


@dataclass(frozen=True)
class Zone:
    """Lines near one end of their articles.

    Attributes:
        at: Rows of the ranked lines, ascending.
        rows: Of these: `place`, `document_row`, `role`, and `kind`, whose pattern fits.
        is_filler: Whether it may stand between such lines: short and no sentence.
    """

    at: Offsets
    rows: pl.DataFrame
    is_filler: Flags

    def is_kind(self, kind: str) -> Flags:
        """Whether each line fits a pattern of this kind."""
        return self.rows["kind"].eq_missing(kind).to_numpy()

    def has_role(self, role: LineRole) -> Flags:
        """Whether the splitter gave each line this role."""
        return (self.rows["role"] == role).to_numpy()

    @property
    def is_known(self) -> Flags:
        """Whether each line fits a pattern."""
        return self.rows["kind"].is_not_null().to_numpy()


class _KindCache:
    """Kinds of lines, each looked up once however often it is asked for."""

    def __init__(self, ranked: RankedLines, side: Side, filler_bytes: int) -> None:
        self._ranked, self._side = ranked, side
        self._kinds = pl.Series([None], dtype=pl.String).new_from_index(
            0, len(ranked.rows)
        )
        self._is_seen = np.zeros(len(ranked.rows), dtype=bool)
        self._is_filler = (ranked.sizes <= filler_bytes) & ~ranked.closes

    def zone(self, at: Offsets) -> Zone:
        """The lines at some places."""
        unseen = at[~self._is_seen[at]]
        if len(unseen):
            kinds = name_kinds(self._ranked.texts(unseen), self._side)
            self._kinds = self._kinds.scatter(unseen, kinds)
            self._is_seen[unseen] = True
        rows = self._ranked.rows[at].with_columns(self._kinds.gather(at).alias("kind"))
        return Zone(at, rows, self._is_filler[at])


def _find_header_zone(ranked: RankedLines) -> Zone:
    """Lines up to where the header block of their article must have ended."""
    is_title = (ranked.rows["role"] == LineRole.TITLE).to_numpy()
    in_zone = (ranked.ranks <= HEADER_ZONE_LINES) & ~is_title
    cache = _KindCache(ranked, "header", HEADER_FILLER_MAX_BYTES)
    nearest = cache.zone(np.flatnonzero(in_zone & (ranked.ranks <= HEADER_FIRST_LINES)))
    ranks = ranked.ranks[nearest.at]
    # A byline may stand that far behind the block.
    is_end = ~nearest.is_known & ~nearest.is_filler & (ranks > 0)
    is_end &= ranks < HEADER_FIRST_LINES
    is_closed = ranked.articles_with(nearest.at[is_end])
    is_closed &= _first_block_ranks(ranked, nearest) == _FAR
    is_wanted = (ranked.ranks <= HEADER_FIRST_LINES) | ~is_closed[ranked.numbers]
    return cache.zone(np.flatnonzero(in_zone & is_wanted))


def _first_block_ranks(ranked: RankedLines, zone: Zone) -> Offsets:
    """Per article the rank of the byline, or of two header lines on end, behind a deck.

    Huge where there are none, or where what stands before them is no deck.
    """
    at = zone.at
    ranks, numbers = ranked.ranks[at], ranked.numbers[at]
    is_block = zone.rows["kind"].is_in(BLOCK_KINDS).fill_null(value=False).to_numpy()
    is_pair = np.zeros(len(at), dtype=bool)
    is_pair[:-1] = (
        is_block[:-1] & is_block[1:] & (np.diff(at) == 1) & (np.diff(numbers) == 0)
    )
    is_near = (ranks > 0) & (ranks <= DECK_MAX_LINES + 1)
    pairs = np.flatnonzero((is_pair | zone.is_kind("byline")) & is_near)
    firsts = ranked.article_min(at[pairs], ranks[pairs])
    is_long = (ranks > 0) & (ranks < firsts[numbers])
    is_long &= ranked.sizes[at] > DECK_MAX_BYTES
    firsts[numbers[is_long]] = _FAR
    return firsts


def _find_trailer_zone(ranked: RankedLines, is_header: Flags) -> Zone:
    """Lines down from where the trailer block of their article may begin."""
    in_zone = (ranked.left <= TRAILER_ZONE_LINES) & (ranked.ranks > 0) & ~is_header
    cache = _KindCache(ranked, "trailer", TRAILER_FILLER_MAX_BYTES)
    is_foot = ranked.left <= FOOT_LINES
    # The name of a section opens a trailer however long its lines are.
    is_near = is_foot | (ranked.sizes <= SECTION_MAX_BYTES)
    nearest = cache.zone(np.flatnonzero(in_zone & is_near))
    is_text = ~nearest.is_known & ~nearest.is_filler & is_foot[nearest.at]
    is_closed = ranked.articles_with(nearest.at[is_text])
    is_closed &= ~ranked.articles_with(nearest.at[nearest.is_kind("section")])
    is_wanted = is_foot | ~is_closed[ranked.numbers]
    return cache.zone(np.flatnonzero(in_zone & is_wanted))


def _find_headers(ranked: RankedLines) -> pl.DataFrame:
    """Header lines: all before the title, and the block of field lines after it.

    Returns:
        `place` and `kind` of each.
    """
    zone = _find_header_zone(ranked)
    at = zone.at
    ranks, numbers = ranked.ranks[at], ranked.numbers[at]
    is_byline = zone.is_kind("byline")
    follows_publisher = np.append(False, zone.is_kind("published_by")[:-1])[: len(at)]
    is_name = _is_name(ranked, zone)
    is_byline |= is_name
    blocks = _first_block_ranks(ranked, zone)
    is_marked = (
        (zone.is_known & ~is_byline)
        | (ranks < 0)
        | (ranks == blocks[numbers])
        | (zone.is_filler & (follows_publisher | zone.has_role(LineRole.HEADER)))
    )
    markers = np.flatnonzero(zone.is_kind("body_marker"))
    first_text = ranked.article_max(at[markers], ranks[markers])
    is_deck = (blocks < _FAR)[numbers] & (ranks < blocks[numbers])
    is_deck |= ranks < first_text[numbers]
    blocking = np.flatnonzero(~is_marked & ~zone.is_filler & ~is_deck)
    first_blocking = ranked.article_min(at[blocking], ranks[blocking])
    marked = np.flatnonzero(is_marked & (ranks < first_blocking[numbers]) & (ranks > 0))
    last = np.maximum(ranked.article_max(at[marked], ranks[marked]), 0)
    # A block that would leave no body at all is no header.
    spares_body = (last < ranked.last_substantial)[numbers]
    past_block = ranks - np.where(spares_body, last[numbers], 0)
    is_header = (
        (ranks < 0) | (past_block <= 0) | (is_byline & (past_block <= MAX_BYLINES))
    ) & (ranked.left[at] > 1)
    kinds = zone.rows["kind"].fill_null("filler").set(pl.Series(is_name), "byline")
    return zone.rows.select("place", kinds).filter(pl.Series(is_header))


def _is_name(ranked: RankedLines, zone: Zone) -> Flags:
    """Whether a name stands alone behind a title that has its day or paper above it."""
    ranks, numbers = ranked.ranks[zone.at], ranked.numbers[zone.at]
    kinds = zone.rows["kind"].is_in(("date_line", "masthead", "publisher"))
    above = np.flatnonzero(kinds.fill_null(value=False).to_numpy() & (ranks < 0))
    is_headed = ranked.articles_with(zone.at[above])[numbers]
    rows = np.flatnonzero(is_headed & (ranks == 1) & zone.is_filler & ~zone.is_known)
    is_name = np.zeros(len(zone.at), dtype=bool)
    is_name[rows] = contains(ranked.texts(zone.at[rows]), NAME_ALONE).to_numpy()
    return is_name


def _find_trailers(ranked: RankedLines, headers: pl.DataFrame) -> pl.DataFrame:
    """Trailer lines: from the first that says so, if nothing but such lines follow.

    Returns:
        `place` and `kind` of each.
    """
    is_header = np.isin(ranked.rows["place"].to_numpy(), headers["place"].to_numpy())
    zone = _find_trailer_zone(ranked, is_header)
    at = zone.at
    ranks, numbers = ranked.ranks[at], ranked.numbers[at]
    is_marked = (
        zone.is_known
        | (zone.is_filler & zone.has_role(LineRole.TRAILER))
        | _is_repeated(ranked, zone)
    )
    opening = np.flatnonzero(zone.is_kind("section"))
    section = ranked.article_min(at[opening], ranks[opening])
    is_blocking = ~is_marked & ~zone.is_filler & (ranks < section[numbers])
    blocking = np.flatnonzero(is_blocking)
    last_blocking = ranked.article_max(at[blocking], ranks[blocking])
    marked = np.flatnonzero(is_marked & (ranks > last_blocking[numbers]))
    first = ranked.article_min(at[marked], ranks[marked])
    return zone.rows.filter(pl.Series(ranks >= first[numbers])).select(
        "place", pl.col("kind").fill_null("filler")
    )


def _is_repeated(ranked: RankedLines, zone: Zone) -> Flags:
    """Whether the same short line stands near the end of several articles of a file."""
    rows = np.flatnonzero((ranked.left[zone.at] <= FOOT_LINES) & zone.is_filler)
    foot = zone.rows[rows].select(
        "document_row", ranked.texts(zone.at[rows]).alias("text")
    )
    copies = foot.select(pl.len().over("document_row", "text")).to_series().to_numpy()
    is_repeated = np.zeros(len(zone.at), dtype=bool)
    is_repeated[rows[copies >= MIN_COPIES]] = True
    return is_repeated


def _subheads(lines: pl.DataFrame) -> pl.Series:
    """Roles, with short unpunctuated lines that stand alone marked as subheads."""
    is_body = (lines["role"] == LineRole.BODY).to_numpy()
    is_blank = (lines["role"] == LineRole.BLANK).to_numpy()
    is_short = (lines["text"].str.len_bytes() <= SUBHEAD_MAX_BYTES).to_numpy()
    stands_alone = (
        (is_body & is_short)[1:-2]
        & is_blank[:-3]
        & is_blank[2:-1]
        & (is_body & ~is_short)[3:]
    )
    rows = pl.Series(np.flatnonzero(stands_alone) + 1)
    is_subhead = ~contains(lines["text"].gather(rows), NO_SUBHEAD)
    return lines["role"].scatter(rows.filter(is_subhead), LineRole.SUBHEAD.value)
